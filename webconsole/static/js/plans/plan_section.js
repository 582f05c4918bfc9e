// Section of the response plan under an incident's head: its alarm level, each crew that the plan asks
// for with who comes or who could, and one click that sends all of them.
import { ApiError, newKey, post } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { duration, straightDistance, travelTime } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { on, putIncident, select, state } from "../core/store.js";
import { orderWord } from "../outcomes/outcome_labels.js";
import { refusal } from "../incidents/attempt.js";
import { aimingIn } from "../widgets/scroll_anchor.js";
import { noteToast, refusalToast } from "../widgets/toasts.js";
import { LevelControl } from "./level_control.js";
import { giveLead } from "./lead.js";
import { isShort, roleLabel, taskName, whyMissing } from "./plan_labels.js";

const AGAIN_MS = 10000; // times age, and crews drive on
const SOON_MS = 700; // a burst of news is one question

export class PlanSection {
  constructor(incidentId) {
    this.id = incidentId;
    this.left = new Set(); // tasks whose crew is not to be sent
    this.askedMs = -Infinity;
    this.level = new LevelControl(incidentId);
    this.note = el("p.outside-note", { role: "status", hidden: true });
    this.list = el("ul.openings", { "aria-label": _("Crews of the response plan") });
    this.sendAll = el("button.primary.send-plan", { type: "button", hidden: true, onclick: () => this.#send() });
    this.node = el("div.plan-section", {}, this.level.node, this.note, this.list, this.sendAll);
    this.stops = [
      on("tick", () => this.#tick()),
      on("rested", () => this.late && this.#draw()),
      on("refresh-candidates", () => this.#soon()),
      on("roads", () => this.#soon()),
    ];
  }

  close() {
    for (const stop of this.stops) stop();
    clearTimeout(this.timer);
    this.abort?.abort();
  }

  update(incident) {
    this.incident = incident;
    this.level.update(incident);
    const several = incident.attendance.needed > 1;
    for (const part of [this.list, this.note]) part.hidden = !several;
    if (!several) {
      this.proposal = null;
      this.sendAll.hidden = true;
      return;
    }
    if (incident.version !== this.proposal?.incident_version) this.#soon();
    this.#draw();
  }

  #tick() {
    if (isShort(this.incident ?? {}) && !document.hidden && performance.now() - this.askedMs > AGAIN_MS) this.#ask();
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), this.proposal ? SOON_MS : 0);
  }

  async #ask() {
    if (!(this.incident?.attendance?.needed > 1)) return;
    clearTimeout(this.timer);
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.askedMs = performance.now();
    try {
      this.proposal = await post(`/incidents/${this.id}/plan`, { radius_m: state.radiusM }, { signal: abort.signal });
      this.failed = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.failed = error;
    }
    this.#draw();
  }

  /** What somebody is about to press stays as it is: another crew under the pointer is another order. */
  #draw() {
    this.late = this.proposal !== null && aimingIn(this.node) && this.list.childElementCount > 0;
    if (this.late || !this.incident) return;
    const { proposal } = this;
    text(this.note, this.failed ? this.failed.message : !proposal ? _("Looking for crews…") : this.#caution(proposal));
    this.note.hidden = !this.note.textContent;
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const extra = this.incident.assignments.filter(({ ended_at, task }) => !ended_at && !task);
    fill(this.list, (proposal?.openings ?? []).map((opening, index) => this.#row(opening, index)), proposal ? extra.map((order) => this.#extra(order, proposal)) : []);
    if (focused) this.list.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
    this.#offer();
  }

  #caution({ travel_times }) {
    if (travel_times === "unavailable") return _("Road times cannot be computed at the moment. You can send all the same: crews are chosen by straight distance.");
    return travel_times === "no_road_near" ? _("No road near the incident: crews are chosen by straight distance.") : "";
  }

  #row(opening, index) {
    const order = this.#orderOf(opening);
    const leads = order ? order.role === "lead" && !order.ended_at : opening.role === "lead" && !this.#lead();
    const head = el("span.task", {}, taskName(opening), leads ? el("span.lead-mark", {}, ` · ${roleLabel("lead")}`) : "");
    if (order) return el("li.opening", { data: { state: opening.state, task: opening.task } }, head, this.#filledBy(order));
    if (!opening.proposed) {
      return el("li.opening", { data: { state: "missing", task: opening.task } }, head, el("span.filler.nobody-for", {}, whyMissing(opening.missing)));
    }
    const { crew_id, crew_name } = opening.proposed;
    const key = `${opening.task}-${index}`;
    const box = el("input", { type: "checkbox", data: { key }, checked: !this.left.has(key), onchange: () => this.#choose(key, box.checked) });
    return el("li.opening", { data: { state: "missing", task: opening.task } }, head,
      el("label.filler", {}, box, el("b", {}, crew_name), " ", el("span.soon", {}, this.#soonness(opening.proposed))),
      el("button.secondary.small", { type: "button", data: { key: `${key}-see` }, onclick: () => select("crew", crew_id), "aria-label": _("Show %(crew)s", { crew: crew_name }) }, _("Show")));
  }

  #orderOf({ assignment_id }) {
    return assignment_id === null ? null : this.incident.assignments.find(({ id }) => id === assignment_id);
  }

  #filledBy(order) {
    const key = `lead-${order.id}`;
    const canLead = !order.ended_at && order.role !== "lead";
    return el("span.filler", {}, el("b", {}, order.crew_name), " ", el("span.state", {}, orderWord(order)),
      canLead ? el("button.secondary.small", { type: "button", data: { key }, onclick: () => giveLead(order) }, _("Let it lead")) : "");
  }

  #lead() {
    return this.incident.assignments.find(({ role, ended_at }) => role === "lead" && !ended_at);
  }

  /** A crew that was sent without a task of its own, unless it fills one by its skills. */
  #extra(order, { openings }) {
    if (openings.some(({ assignment_id }) => assignment_id === order.id)) return null;
    return el("li.opening", { data: { state: "extra" } }, el("span.task", {}, _("In addition"), order.role === "lead" ? el("span.lead-mark", {}, ` · ${roleLabel("lead")}`) : ""), this.#filledBy(order));
  }

  #soonness({ travel_time_s, free_in_s, distance_m, busy }) {
    if (travel_time_s === null) return `${_("road time unknown")} · ${straightDistance(distance_m)}`;
    const there = travelTime(free_in_s + travel_time_s);
    return busy ? `${there} · ${_("free in about %(time)s", { time: duration(free_in_s) })}` : there;
  }

  #choose(key, wanted) {
    if (wanted) this.left.delete(key);
    else this.left.add(key);
    this.#offer();
  }

  #chosen() {
    const openings = this.proposal?.openings ?? [];
    return openings.filter((opening, index) => opening.proposed && !opening.assignment_id && !this.left.has(`${opening.task}-${index}`));
  }

  #offer() {
    const chosen = this.#chosen();
    this.sendAll.hidden = !(this.proposal?.openings ?? []).some(({ proposed }) => proposed);
    this.sendAll.disabled = Boolean(this.sending) || chosen.length === 0;
    const label = chosen.length === 1 ? _("Send %(crew)s", { crew: chosen[0].proposed.crew_name }) : _("Send %(n)s crews", { n: chosen.length });
    text(this.sendAll, this.sending ? _("Sending…") : label);
  }

  async #send(rows = null, key = newKey()) {
    if (this.sending) return;
    const chosen = rows ?? this.#chosen().map(({ task, proposed }) => ({ task, proposed }));
    if (!chosen.length) return;
    this.sending = true;
    this.#offer();
    const body = {
      client_id: key,
      radius_m: state.radiusM,
      rows: chosen.map(({ task, proposed }) => ({ crew_id: proposed.crew_id, task, ...(proposed.busy ? { queue: true } : {}) })),
    };
    try {
      this.#sent(await post(`/incidents/${this.id}/plan/send`, body), chosen);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // The same key: what arrived at the first try after all is not sent again.
      refusalToast(refusal(error), error.offline ? [{ label: _("Try again"), act: () => this.#send(chosen, key) }] : []);
    } finally {
      this.sending = false;
      this.#ask();
    }
  }

  #sent({ rows, incident }, chosen) {
    putIncident(incident);
    const name = (row) => chosen.find(({ proposed }) => proposed.crew_id === row.crew_id)?.proposed.crew_name ?? "";
    const sent = rows.filter(({ assignment }) => assignment);
    if (sent.length) noteToast(ngettext("%(crews)s was sent.", "%(crews)s were sent.", sent.length, { crews: sent.map(name).join(", ") }));
    for (const row of rows.filter(({ refused }) => refused)) {
      const error = new ApiError(row.refused.detail, { status: row.refused.status, code: row.refused.code, problem: row.refused });
      refusalToast(_("Not sent: %(crew)s. %(why)s", { crew: name(row), why: refusal(error, { name: name(row) }) }));
    }
  }
}
