// One escalation chain as a form: two lists of steps, each so many seconds after the one before.
import { ApiError, call, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { clock, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { chainStepLabel, chainWaitingLabel, kindName, PRIORITIES, priorityLabel } from "../core/labels.js";

const STEPS = {
  answer_steps: ["ring_again", "second_channel", "next_best", "supervisor", "expire"],
  setting_out_steps: ["ring_again", "second_channel", "desk", "supervisor"],
};
const WAITING = { answer_steps: "answer", setting_out_steps: "setting_out" };
const ALARMS = ["next_best", "desk", "supervisor", "expire"];
let made = 0;

/** "Emergency · Gas leak", or what a chain is for where it is for more. */
export function chainTitle({ kind, priority }) {
  const of = [priority ? `P${priority} ${priorityLabel(priority)}` : "", kind ? kindName(kind) : ""].filter(Boolean).join(" · ");
  return of || _("All that have no chain of their own");
}

export class ChainForm {
  /** `changed()`: it was saved or removed. */
  constructor(chain, { changed }) {
    this.chain = chain;
    this.changed = changed;
    this.id = `chain-${(made += 1)}`;
    this.steps = { answer_steps: [...chain.answer_steps], setting_out_steps: [...chain.setting_out_steps] };
    this.error = el("p.form-error", { role: "alert" });
    this.said = el("span.saved", { role: "status" });
    this.lists = Object.fromEntries(Object.keys(STEPS).map((name) => [name, el("ol.chain-steps")]));
    this.node = el("form.chain", { novalidate: true, "aria-labelledby": this.id, onsubmit: (event) => this.#save(event) },
      el("h2", { id: this.id }, chainTitle(chain)),
      el("div.chain-lists", {}, Object.keys(STEPS).map((name) => this.#section(name))),
      this.#options(), this.error, this.#actions());
    for (const name of Object.keys(STEPS)) this.#draw(name);
  }

  #section(name) {
    const add = el("button.quiet.small", { type: "button", onclick: () => {
      this.steps[name].push({ action: "supervisor", wait_s: 60 });
      this.#draw(name);
      this.lists[name].lastElementChild.querySelector("select").focus();
    } }, _("Add a step"));
    return el("fieldset", {}, el("legend", {}, chainWaitingLabel(WAITING[name])), this.lists[name], boot.may_edit ? add : null, el("span.field-error", { data: { field: name } }));
  }

  #draw(name) {
    fill(this.lists[name], this.steps[name].map((step, place) =>
      (boot.may_edit ? this.#editable(name, step, place) : el("li", {}, el("time.at"), el("span.action", {}, chainStepLabel(step.action))))));
    this.#count(name);
  }

  /** When each happens, counted from the order: the sum of what is waited. What is being typed in stays where it is. */
  #count(name) {
    let atS = 0;
    this.steps[name].forEach((step, place) => {
      atS += Number(step.wait_s) || 0;
      const at = this.lists[name].children[place].firstElementChild;
      text(at, timer(atS));
      at.classList.toggle("loud", ALARMS.includes(step.action));
    });
  }

  #editable(name, step, place) {
    const label = (what) => _("%(what)s, step %(n)s", { what, n: place + 1 });
    const action = el("select", { "aria-label": label(_("What happens")), onchange: () => {
      step.action = action.value;
      this.#count(name);
    } }, STEPS[name].map((each) => el("option", { value: each }, chainStepLabel(each))));
    action.value = step.action;
    const wait = el("input", { type: "number", inputmode: "numeric", min: "5", max: "7200", step: "1", value: String(step.wait_s), "aria-label": label(_("Seconds after the step before")), onchange: () => {
      step.wait_s = wait.valueAsNumber;
      this.#count(name);
    } });
    const remove = el("button.quiet.icon", { type: "button", "aria-label": label(_("Remove")), onclick: () => {
      this.steps[name].splice(place, 1);
      this.#draw(name);
    } }, "×");
    return el("li", {}, el("time.at"), el("label.wait", {}, "+", wait, _("s")), action, remove, el("span.field-error", { data: { field: `${name}.${place}` } }));
  }

  #options() {
    if (!boot.may_edit) return el("p.options", {}, this.chain.auto_reoffer ? _("The next best crew is sent by itself, at most %(n)s crews.", { n: this.chain.rounds }) : _("At most %(n)s times. The desk sends the next best crew.", { n: this.chain.rounds }));
    this.rounds = el("input", { id: `${this.id}-rounds`, type: "number", inputmode: "numeric", min: "1", max: "5", value: String(this.chain.rounds) });
    this.auto = el("input", { type: "checkbox" });
    this.auto.checked = this.chain.auto_reoffer;
    return el("div.options", {},
      el("div.rounds", {}, el("label", { for: `${this.id}-rounds` }, _("At most so many rounds")), this.rounds, el("span.field-error", { data: { field: "rounds" } })),
      el("label.check", {}, this.auto, el("span", {}, _("Send the next best crew by itself"))), el("span.field-error", { data: { field: "auto_reoffer" } }));
  }

  #actions() {
    const { changed_by: by, changed_at: at, id } = this.chain;
    const changed = el("span.changed", {}, by ? _("%(who)s, %(time)s", { who: by, time: `${at.slice(0, 10)} ${clock(at, { seconds: false })}` }) : "");
    if (!boot.may_edit) return el("div.form-actions", {}, changed);
    const removable = this.chain.kind || this.chain.priority;
    const remove = el("button.secondary.small", { type: "button", onclick: () => this.#remove(id) }, id ? _("Remove this chain") : _("Cancel"));
    return el("div.form-actions", {}, el("button.primary.small", { type: "submit" }, _("Save")), removable ? remove : null, this.said, changed);
  }

  async #save(event) {
    event.preventDefault();
    const { kind, priority } = this.chain;
    const steps = (name) => this.steps[name].map(({ action, wait_s }) => ({ action, wait_s: Number.isFinite(wait_s) ? wait_s : 0 }));
    const body = { kind, priority, answer_steps: steps("answer_steps"), setting_out_steps: steps("setting_out_steps"), rounds: this.rounds.valueAsNumber || 0, auto_reoffer: this.auto.checked };
    this.#say({});
    await this.#ask(async () => {
      this.chain = await put("/chains", body);
      text(this.said, _("Saved. Orders under way keep the chain they were sent with."));
    });
  }

  async #remove(id) {
    if (!id) return this.node.remove();
    return this.#ask(async () => {
      await call("DELETE", `/chains/${id}`);
      this.changed();
    });
  }

  async #ask(act) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#say(error.fields);
      text(this.error, Object.keys(error.fields).length ? "" : error.message);
    }
  }

  /** Each refusal stands at the step that it is about. */
  #say(fields) {
    text(this.said, "");
    text(this.error, "");
    for (const node of this.node.querySelectorAll("[data-field]")) {
      const own = Object.entries(fields).filter(([field]) => field === node.dataset.field || /\.\d+$/.test(node.dataset.field) && field.startsWith(`${node.dataset.field}.`));
      text(node, own.map(([, message]) => message).join("; "));
    }
  }
}

/** For which kind and priority to add a chain; `add(chain)` shows its form. */
export function addForm(chains, add) {
  if (!boot.may_edit) return null;
  const kind = el("select", { id: "new-kind" }, el("option", { value: "" }, _("All kinds")), boot.kinds.map(({ code }) => el("option", { value: code }, kindName(code))));
  const priority = el("select", { id: "new-priority" }, el("option", { value: "" }, _("All priorities")), PRIORITIES.map((level) => el("option", { value: String(level) }, `P${level} ${priorityLabel(level)}`)));
  const said = el("span.field-error", { role: "alert" });
  return el("form.add-chain", { onsubmit: (event) => {
    event.preventDefault();
    const wanted = { kind: kind.value || null, priority: Number(priority.value) || null };
    const same = chains.some((each) => each.kind === wanted.kind && each.priority === wanted.priority);
    text(said, same ? _("There is one already.") : "");
    if (!same) add({ ...chains[0], ...wanted, id: null, changed_by: null });
  } },
  el("h2", {}, _("Another chain")),
  el("div.field", {}, el("label", { for: kind.id }, _("Kind")), kind),
  el("div.field", {}, el("label", { for: priority.id }, _("Priority")), priority),
  el("button.secondary.small", { type: "submit" }, _("Add")), said);
}
