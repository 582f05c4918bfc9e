// One sentence for each event of an incident: who did what, and why.
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { declineLabel, dutyLabel, eventLabel, kindName, resultLabel } from "../core/labels.js";

const because = (sentence, reason) => (reason ? _("%(what)s: %(why)s", { what: sentence, why: reason }) : sentence);

const SENTENCES = {
  "incident.created": ({ who, data }) =>
    (data.kind ? _("%(who)s took the report: %(kind)s", { who, kind: kindName(data.kind) }) : _("%(who)s took the report", { who })),
  "incident.updated": ({ who }) => _("%(who)s changed details", { who }),
  "incident.closed": ({ who, data }) => because(_("%(who)s closed the incident", { who }), data.reason),
  "incident.cancelled": ({ who, data }) => because(_("%(who)s cancelled the incident", { who }), data.reason),
  "incident.reopened": ({ who, data }) => because(_("%(who)s reopened the incident", { who }), data.reason),
  "assignment.offered": ({ who, crew, data }) => {
    const due = data.eta_at ? clock(data.eta_at, { seconds: false }) : null;
    const sentence = due ? _("%(who)s sent %(crew)s, expected at %(time)s", { who, crew, time: due }) : _("%(who)s sent %(crew)s", { who, crew });
    return because(sentence, data.reason);
  },
  "assignment.accepted": ({ crew }) => _("%(crew)s accepted", { crew }),
  "assignment.declined": ({ crew, data }) => because(_("%(crew)s declined", { crew }), data.reason && declineLabel(data.reason)),
  "assignment.departed": ({ crew }) => _("%(crew)s departed", { crew }),
  "assignment.arrived": ({ crew }) => _("%(crew)s arrived", { crew }),
  "assignment.completed": ({ crew, data }) => because(_("%(crew)s completed the order", { crew }), data.result && resultLabel(data.result)),
  "assignment.withdrawn": ({ who, crew, data }) => because(_("%(who)s called %(crew)s back", { who, crew }), data.reason),
  "assignment.promoted": ({ crew }) => _("%(crew)s goes here now", { crew }),
  "assignment.expired": ({ crew }) => _("%(crew)s did not answer in time", { crew }),
  "incident.noted": ({ who, data }) => because(_("%(who)s wrote a note", { who }), data.text),
  "incident.reported": ({ who, data }) => because(_("%(who)s added a report", { who }), data.text ?? data.caller_name),
  "incident.photographed": ({ who }) => _("%(who)s added a photo", { who }),
  "crew.duty_changed": ({ crew, data }) => because(_("%(crew)s: %(duty)s", { crew, duty: dutyLabel(data.to) }), data.reason),
};

// A desk may act for a crew: then it is said who did.
const BY_CREW = /^(assignment\.(accepted|declined|departed|arrived|completed)|crew\.duty_changed)$/;

/** One sentence for an event of the timeline; `crewName` is the name of the crew it concerns. */
export function eventSentence(event, crewName) {
  const data = event.data ?? {};
  const who = event.actor || _("The system");
  const crew = crewName ?? _("a crew");
  const tell = SENTENCES[event.kind];
  if (!tell) return [eventLabel(event.kind), crewName, event.actor].filter(Boolean).join(" · ");
  const sentence = tell({ who, crew, data });
  return BY_CREW.test(event.kind) && event.actor && event.actor !== crewName ? _("%(what)s (by %(who)s)", { what: sentence, who }) : sentence;
}
