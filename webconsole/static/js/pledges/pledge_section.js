// Section of an incident: all of its clocks, which the desk may pause, and why one was missed.
import { ApiError, newKey, post } from "../core/api.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { clock as clockTime } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { on, state } from "../core/store.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { refusalToast } from "../widgets/toasts.js";
import { clockName, limitWords } from "./pledge_clock.js";
import { CAUSES, causeLabel, goalLabel, pauseLabel } from "./pledge_labels.js";
import { drawMark, pledgeMark } from "./pledge_mark.js";

class Pledges {
  constructor(incidentId) {
    this.id = incidentId;
    this.node = el("ul.pledges");
    this.stop = on("tick", () => this.#tick());
  }

  close() {
    this.stop();
  }

  update(incident) {
    keyed(this.node, incident.clocks, { key: ({ id }) => id, create: (clock) => this.#row(clock), update: (row, clock) => this.#update(row, clock) });
  }

  #row(clock) {
    const parts = {
      mark: pledgeMark(),
      name: el("b"),
      facts: el("span.pledge-facts"),
      acts: el("div.pledge-acts"),
    };
    const row = el("li.pledge-row", { data: { clockId: clock.id } }, el("div.line", {}, parts.name, parts.mark), parts.facts, parts.acts);
    row.parts = parts;
    return row;
  }

  #update(row, clock) {
    row.clock = clock;
    const { parts } = row;
    text(parts.name, clockName(clock));
    const due = clock.due_at && clock.state === "running" ? _("due at %(time)s", { time: clockTime(clock.due_at, { seconds: false }) }) : "";
    const paused = clock.paused_by ? _("paused: %(why)s", { why: pauseLabel(clock.paused_by) }) : "";
    text(parts.facts, [goalLabel(clock.stop), limitWords(clock.limit_s), due, paused, clock.example ? _("example") : ""].filter(Boolean).join(" · "));
    drawMark(parts.mark, clock);
    const look = [clock.state, clock.breached_at, clock.cause, clock.may_pause_for].join("|");
    if (row.look === look) return;
    row.look = look;
    fill(parts.acts, this.#pausing(clock), clock.breached_at && clock.verdict !== "kept" ? this.#cause(clock) : null);
  }

  #tick() {
    for (const row of this.node.children) drawMark(row.parts.mark, row.clock);
  }

  #pausing(clock) {
    if (clock.state === "paused") return el("button.secondary.small", { type: "button", onclick: () => this.#post(clock, "resume") }, _("Let it run again"));
    if (clock.state !== "running" || !clock.may_pause_for.length) return null;
    const options = clock.may_pause_for.map((code) => el("option", { value: code }, pauseLabel(code)));
    const select = el("select", { "aria-label": _("Pause %(pledge)s", { pledge: clockName(clock) }), onchange: () => select.value && this.#post(clock, "pause", { reason: select.value }) },
      el("option", { value: "" }, _("Pause …")), options);
    return select;
  }

  /** What was computed may be put right; "something else" is said in words. */
  #cause(clock) {
    const note = el("input", { maxlength: "1000", hidden: true, "aria-label": _("What it was"), placeholder: _("What it was") });
    const select = el("select", { "aria-label": _("Why it was missed"), onchange: () => {
      note.hidden = select.value !== "other";
      if (note.hidden) this.#post(clock, "cause", { cause: select.value });
      else note.focus();
    } }, CAUSES.map((code) => el("option", { value: code, selected: code === clock.cause }, causeLabel(code))));
    note.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && note.value.trim()) this.#post(clock, "cause", { cause: "other", note: note.value.trim() });
    });
    return el("label.pledge-cause", {}, el("span", {}, _("Missed because")), select, note);
  }

  async #post(clock, what, body = {}) {
    try {
      await post(`/incidents/${this.id}/clocks/${clock.id}/${what}`, { ...body, client_id: newKey() });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusalToast(error.whole);
      const incident = state.incidents.get(this.id);
      for (const row of this.node.children) row.look = null;
      if (incident) this.update(incident);
    }
  }
}

addIncidentSection({
  id: "pledges",
  order: 15,
  title: () => _("Pledges"),
  count: (incident) => incident.clocks?.length || null,
  when: (incident) => incident.clocks?.length > 0,
  calls: (incident) => incident.clocks?.filter(({ breached_at }) => breached_at).length ?? 0,
  open: false,
  make: (id) => new Pledges(id),
});
