// Interrupting a busy crew: when it could be there, the button, and what an incident's row says while
// its crew is elsewhere.
import { newKey, post } from "../core/api.js";
import { now } from "../core/clock.js";
import { el } from "../core/dom.js";
import { travelTime } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { emit, liveAssignments, state } from "../core/store.js";
import { attempt, takeIncident } from "../incidents/attempt.js";
import { addRowNote } from "../queue/row_notes.js";
import { showDialog } from "../widgets/dialog.js";
import { noteToast } from "../widgets/toasts.js";
import { addCandidateAct, addCandidateNote } from "./candidate_notes.js";
import { isForbidden } from "./candidate_labels.js";

const can = (candidate) => Boolean(candidate.interrupt) && !isForbidden(candidate);
const leftS = ({ interrupt }) => (Date.parse(interrupt.eta_at) - now()) / 1000;

/** Send a crew at once; what it does now waits behind. */
async function interrupt(incident, candidate, reason) {
  const body = { crew_id: candidate.crew_id, radius_m: state.radiusM, interrupt: true, reason };
  await attempt(() => post(`/incidents/${incident.id}/assignments`, body, { key: newKey() }), (assignment) => {
    takeIncident(assignment);
    emit("sent", { incidentId: incident.id, crewId: candidate.crew_id, assignment, interrupted: true });
    noteToast(_("%(crew)s is called away to #%(id)s; its work waits.", { crew: candidate.crew_name, id: incident.id }));
  });
}

function ask(candidate, incident) {
  return new Promise((done) => {
    const input = el("input", { id: "interrupt-reason", required: true, maxlength: "300", autocomplete: "off" });
    const form = el("form", { onsubmit: async (event) => {
      event.preventDefault();
      close();
      await interrupt(incident, candidate, input.value.trim());
      done();
    } },
    el("p", {}, _("It leaves what it does now and goes to #%(id)s. The crew is told and has to confirm it.", { id: incident.id })),
    el("label", { for: "interrupt-reason" }, _("Why? The crew reads it.")), input,
    el("div.form-actions", {}, el("button.primary", { type: "submit" }, _("Interrupt %(crew)s", { crew: candidate.crew_name }))));
    const { close } = showDialog("ask-dialog", { title: _("Interrupt %(crew)s", { crew: candidate.crew_name }), body: form, closed: done });
    input.focus();
  });
}

addCandidateNote({
  id: "interrupt",
  order: 40,
  note: (candidate) => (can(candidate) ? { text: _("could be there in %(time)s if interrupted", { time: travelTime(leftS(candidate)) }) } : null),
});

addCandidateAct({
  id: "interrupt",
  order: 40,
  label: (candidate) => (can(candidate) ? _("Interrupt…") : null),
  title: () => _("It leaves less urgent work, which waits until then"),
  act: ask,
});

/** The order of an incident whose crew was called away; undefined where there is none. */
const calledAway = (incident) => liveAssignments(incident).find(({ suspended }) => suspended);

addRowNote({
  id: "interrupted",
  order: 30,
  note: (incident) => {
    const order = calledAway(incident);
    if (!order) return null;
    const words = order.rank > 0 ? _("interrupted, crew returns after #%(id)s", { id: order.suspended.for_incident_id }) : _("interrupted, crew is free again");
    return { text: words, pressing: true };
  },
});
