// The crew's screens: one decision each, large enough for a glove. `update` brings in what is new around
// what is written or tapped: a button that is exchanged under a finger takes no tap.
import { boot } from "../core/boot.js";
import { secondsSince } from "../core/clock.js";
import { arrange, el, text } from "../core/dom.js";
import { clock, coordinates, distance, timer, travelTime } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { DECLINES, assignmentState, declineLabel, drivenLabel, incidentTitle, priorityLabel } from "../core/labels.js";
import { keepDraft } from "../kept/drafts.js";
import { belowOfParts, linesOfParts } from "./crew_parts.js";

const big = (label, act, look = "") => el(`button.big${look ? `.${look}` : ""}`, { type: "button", onclick: act }, label);

function where(order) {
  const { incident } = order;
  return [
    el("p.kind-line", {}, el(`span.priority.p-${incident.priority}`, {}, `P${incident.priority}`), el("span.priority-word", {}, priorityLabel(incident.priority))),
    el("h2.title", {}, incidentTitle(incident)),
    el("p.address", {}, incident.address || coordinates(incident.lon, incident.lat)),
    incident.description ? el("p.told.words", {}, incident.description) : null,
    ...linesOfParts(order),
  ];
}

function caller({ incident }) {
  if (!incident.caller_phone && !incident.caller_name) return null;
  const name = incident.caller_name || _("Caller");
  // Only digits and + reach the dialler, whatever was typed into the field.
  const number = (incident.caller_phone ?? "").replace(/[^\d+]/g, "");
  return number
    ? el("a.call", { href: `tel:${number}` }, el("span", { "aria-hidden": "true" }, "☏ "), _("Call %(name)s", { name }), " ", el("b", {}, incident.caller_phone))
    : el("p.told", {}, name);
}

/** What is left of the path, refreshed in place as it is driven. */
export function showPathLeft(node, facts) {
  text(node, facts ? [travelTime(facts.travel_time_s), ...drivenLabel(facts), distance(facts.length_m)].join(" · ") : "");
}

function pathLeft(facts) {
  const node = el("p.way");
  showPathLeft(node, facts);
  return node;
}

const PENDING = {
  kept: () => _("Saved here; will be sent when there is a connection."),
  unkept: () => _("Not kept yet: leave this page open."),
};
const unsent = ({ pending }) => (pending ? el("p.pending", { data: { pending } }, PENDING[pending]()) : null);

const waits = (orders) =>
  orders.length
    ? el("section.next", {}, el("h3", {}, _("After this: %(n)s", { n: orders.length })),
        el("ol", {}, orders.map((order) => el("li", {}, el("b", {}, incidentTitle(order.incident)), " ", order.incident.address || ""))))
    : null;

function onDuty({ muted, cutOff }) {
  if (cutOff) return [_("On duty"), _("A new order cannot reach this phone now.")];
  if (muted) return [_("On duty"), _("A new order is shown here, but cannot ring yet.")];
  return [_("Ready"), _("You are on duty. A new order will ring here.")];
}

/** `cutOff`: nothing that the desk sends arrives here; why, stands above. */
export function dutyScreen({ duty, muted, cutOff = false }, act) {
  const words = {
    on_duty: onDuty({ muted, cutOff }),
    on_break: [_("On break"), _("You get no new orders until you are back.")],
    off_duty: [_("Off duty"), _("Your position is not sent while you are off duty.")],
  }[duty] ?? [_("Loading…"), ""];
  return el(
    "div.screen.duty-screen",
    { data: { duty, muted: String(Boolean(muted)) } },
    el("div.middle", {}, el("h2.huge", {}, words[0]), el("p.told", {}, words[1])),
    el("div.actions", {},
      duty === "off_duty" ? big(_("Go on duty"), () => act("on_duty"), "go") : null,
      duty === "on_break" ? big(_("Back on duty"), () => act("on_duty"), "go") : null,
      duty === "on_duty" ? big(_("Take a break"), () => act("on_break")) : null,
      duty === "on_duty" || duty === "on_break" ? big(_("End duty"), () => act("off_duty")) : null),
  );
}

/** Before duty ends: what is still this crew's, and what becomes of it. */
export function endDutyScreen({ orders, unsent }, { end, back }) {
  const blocked = orders.length > 0;
  const title = orders.length ? _("Your duty cannot end yet") : unsent ? _("Your last steps are not sent yet") : _("End your duty?");
  const told = orders.length
    ? _("These orders are yours. Finish them, or call the desk: it takes them back and sends another crew. Then your duty can end.")
    : unsent ? _("They are kept here and sent when there is a connection, and after them that your duty ended now. Open this page again then.")
      : _("Your position is no longer sent, and no order reaches you.");
  return el(
    "div.screen.end-screen",
    {},
    el("div.middle", {}, el("h2.title", {}, title), el("p.told", {}, told),
      el("ul.open-orders", {}, orders.map((order) => el("li", {}, el("b", {}, incidentTitle(order.incident)), " ", order.incident.address || "", el("span.state", {}, assignmentState(order.state)))))),
    el("div.actions", {}, blocked ? null : big(_("End duty"), end, "go"), big(_("Back"), back, blocked ? "go" : "")),
  );
}

export function offerScreen(first, { map, accept, decline }) {
  const sinceAt = first.order.asked_at ?? first.order.offered_at; // the phone rings for an order behind another too
  const parts = { since: el("time.ringing-for", {}, timer(secondsSince(sinceAt))), sinceAt, path: pathLeft(first.facts) };
  const middle = el("div.middle");
  const screen = el(
    "div.screen.offer-screen",
    {},
    el("div.ring-line", { role: "alert" }, el("b", {}, _("New order")), parts.since),
    el("div.map-slot", {}, map),
    middle,
    el("div.actions", {}, big(_("Accept"), accept, "go"), big(_("Decline"), decline)),
  );
  screen.parts = parts;
  screen.update = ({ order, behind }) => {
    arrange(middle, [...where(order), parts.path, behind ? el("p.told", {}, _("Comes after your present order.")) : null, ...belowOfParts(order)].filter(Boolean));
  };
  screen.update(first);
  return screen;
}

export function declineScreen({ order }, { decline, back }) {
  const title = el("p.address", {}, incidentTitle(order.incident));
  const other = el("input", { maxlength: boot.limits.reason, "aria-label": _("Another reason"), placeholder: _("Another reason") });
  const keep = keepDraft(other, `decline-${order.id}`);
  const say = (reason) => {
    other.value = "";
    keep();
    decline(reason);
  };
  const screen = el(
    "div.screen.decline-screen",
    {},
    el("div.middle", {}, el("h2.title", {}, _("Why not?")), title),
    el("div.actions", {},
      DECLINES.map((code) => big(declineLabel(code), () => say(code))),
      el("form.other", { onsubmit: (event) => { event.preventDefault(); if (other.value.trim()) say(other.value.trim()); } }, other, el("button.big", { type: "submit" }, _("Decline"))),
      big(_("Back"), back, "plain")),
  );
  screen.update = (now) => text(title, incidentTitle(now.order.incident));
  return screen;
}

export function driveScreen(first, { map, banner, step }) {
  const departed = first.order.state === "en_route";
  const eta = pathLeft(first.facts);
  const go = big(departed ? _("We are there") : _("Depart"), () => step(departed ? "arrive" : "depart"), "go");
  const [middle, actions] = [el("div.middle"), el("div.actions")];
  const screen = el("div.screen.drive-screen", {}, banner, el("div.map-slot.tall", {}, map), middle, actions);
  screen.parts = { path: eta };
  screen.update = ({ order, waiting }) => {
    arrange(middle, [
      ...where(order), eta,
      // Room is kept for it: what comes later must not move the button from under a finger.
      departed ? el("p.told.eta-at", {}, _("Expected there at %(time)s", { time: clock(order.eta_at, { seconds: false }) })) : null,
      caller(order), waits(waiting), ...belowOfParts(order),
    ].filter(Boolean));
    arrange(actions, [go, unsent(order)].filter(Boolean));
  };
  screen.update(first);
  return screen;
}

export function sceneScreen(first, { record, finish }) {
  const head = el("p.kind-line", {}, _("On scene for"));
  const since = el("time.huge");
  const [middle, actions] = [el("div.middle"), el("div.actions")];
  const complete = big(_("Complete"), finish, "go");
  const screen = el("div.screen.scene-screen", {}, middle, actions);
  screen.update = ({ order, waiting }) => {
    arrange(middle, [head, since, ...where(order), caller(order), record, waits(waiting)].filter(Boolean));
    arrange(actions, [complete, unsent(order)].filter(Boolean));
    screen.parts = { since, sinceAt: order.arrived_at };
    text(since, timer(secondsSince(order.arrived_at)));
  };
  screen.update(first);
  return screen;
}
