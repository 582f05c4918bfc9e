// The alarm level of an incident: what it is, what the next ones add, and changing it with a reason.
import { boot } from "../core/boot.js";
import { get, newKey, post } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { attempt } from "../incidents/attempt.js";
import { taskList } from "./plan_labels.js";

const plans = new Map();

/** The tasks of a kind's plan; asked for once, they hardly ever change. */
async function tasksOf(kind) {
  if (!plans.has(kind)) plans.set(kind, get(`/plans/${kind}`).then(({ tasks }) => tasks));
  try {
    return await plans.get(kind);
  } catch {
    plans.delete(kind);
    return [];
  }
}

export class LevelControl {
  constructor(incidentId) {
    this.id = incidentId;
    this.buttons = el("div.presets", { role: "group", "aria-label": _("Alarm level") });
    this.adds = el("p.adds");
    this.slot = el("div");
    this.node = el("div.level-control", {}, el("div.level-row", {}, el("span", {}, _("Alarm level")), this.buttons), this.adds, this.slot);
  }

  update(incident) {
    this.incident = incident;
    const { level, highest_level } = incident.attendance;
    const look = `${incident.kind} ${level} ${highest_level}`;
    if (look === this.look) return;
    this.look = look;
    const focused = this.buttons.contains(document.activeElement);
    fill(this.buttons, Array.from({ length: highest_level }, (unused, index) => this.#button(index + 1, level)));
    if (focused) this.buttons.querySelector(".picked")?.focus({ preventScroll: true });
    this.#sayAdds(incident.kind, level);
  }

  #button(number, level) {
    const picked = number === level;
    return el(`button.preset${picked ? ".picked" : ""}`, { type: "button", "aria-pressed": String(picked), data: { level: number }, onclick: () => number !== this.incident.attendance.level && this.#ask(number) }, String(number));
  }

  /** What each higher level adds, so that nobody has to know it by heart. */
  async #sayAdds(kind, level) {
    const tasks = await tasksOf(kind);
    const higher = [...new Set(tasks.map((task) => task.level))].filter((each) => each > level).sort();
    const words = higher.map((each) => {
      const added = tasks.filter((task) => task.level === each).flatMap((task) => Array(task.crews).fill(task));
      return _("%(level)s: + %(tasks)s", { level: each, tasks: taskList(added) });
    });
    text(this.adds, words.join(" · "));
    this.adds.hidden = words.length === 0;
  }

  #ask(number) {
    const key = newKey();
    const id = `level-reason-${this.id}`;
    const input = el("input", { id, maxlength: boot.limits.reason, autocomplete: "off", required: true });
    const back = () => {
      fill(this.slot);
      this.buttons.querySelector(".picked")?.focus({ preventScroll: true });
    };
    const submit = async (event) => {
      event.preventDefault();
      go.disabled = true;
      const body = { level: number, reason: input.value.trim(), client_id: key };
      const changed = await attempt(() => post(`/incidents/${this.id}/level`, body));
      if (changed) back();
      else go.disabled = false;
    };
    const escape = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      back();
    };
    const go = el("button.primary", { type: "submit" }, _("Alarm level %(level)s", { level: number }));
    fill(this.slot, el("form.ask", { onsubmit: submit, onkeydown: escape },
      el("label", { for: id }, _("Why alarm level %(level)s?", { level: number })), input,
      el("div.form-actions", {}, go, el("button.quiet", { type: "button", onclick: back }, _("Leave it")))));
    input.focus();
  }
}
