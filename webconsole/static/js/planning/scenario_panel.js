// Scenarios: the open one kept under a name, and all of them to open, rename, copy and remove.
import { ApiError, call, get, newKey, patch, post } from "../core/api.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { field, showErrors } from "../widgets/form_fields.js";

export class ScenarioPanel {
  constructor(plan, { opened = () => {} } = {}) {
    this.plan = plan;
    this.opened = opened;
    this.key = newKey();
    this.scenarios = [];
    this.name = el("input", { id: "plan-name", type: "text", maxlength: 100, required: true, autocomplete: "off", oninput: () => this.draw() });
    this.save = el("button.primary", { type: "submit", id: "plan-save" }, _("Save"));
    this.copy = el("button.secondary", { type: "button", onclick: () => this.#doing(() => this.#add(this.name.value.trim() === plan.scenario?.name ? _("%(name)s (copy)", { name: plan.scenario.name }) : this.name.value)) }, _("Save as a new one"));
    this.fresh = el("button.quiet", { type: "button", onclick: () => this.#leave(() => this.#open(null)) }, _("New"));
    this.state = el("p.plan-said", { role: "status" });
    this.wrong = el("p.form-error", { role: "alert" });
    this.choices = el("div.plan-buttons");
    this.list = el("ul.plan-scenarios", { "aria-label": _("Scenarios") });
    this.form = el("form", { novalidate: true, onsubmit: (event) => this.#submit(event) },
      field(this.name, _("Name of the scenario")), el("div.form-actions", {}, this.save, this.copy, this.fresh), this.state, this.wrong, this.choices);
    this.node = el("section.plan-section", { "aria-labelledby": "plan-scenarios-title" },
      el("h2", { id: "plan-scenarios-title" }, _("Scenario")), this.form, el("h3", {}, _("All scenarios")), this.list);
    plan.on(() => this.draw());
    this.draw();
  }

  async load() {
    await this.#doing(async () => {
      this.scenarios = (await get("/planning/scenarios")).scenarios;
      this.draw();
    });
    return this.scenarios;
  }

  draw() {
    const { scenario, changed } = this.plan;
    const renamed = scenario && this.name.value.trim() !== scenario.name;
    this.copy.hidden = !scenario;
    text(this.state, !scenario ? "" : changed || renamed ? _("Not saved yet") : _("Saved"));
    const rows = this.scenarios.map((each) => ({ ...each, open: each.id === scenario?.id }));
    keyed(this.list, rows, { key: ({ id }) => id, create: (each) => this.#row(each), update: (row, each) => this.#update(row, each) });
  }

  /** Open a scenario by its number, as the page's address names it. */
  openById(id) {
    const found = this.scenarios.find((each) => each.id === id);
    if (found) this.#open(found);
  }

  /** The scenario on the screen, kept as it is: what a study is made of. Null if that was refused. */
  async kept() {
    if (!this.plan.scenario || this.plan.changed) await this.#keep();
    return this.plan.scenario && !this.plan.changed ? this.plan.scenario : null;
  }

  #row({ id }) {
    const open = el("button.link", { type: "button", onclick: () => this.#leave(() => this.openById(id)) });
    const remove = el("button.quiet.icon", { type: "button", onclick: () => this.#remove(id) }, "×");
    return el("li.plan-scenario", {}, open, el("span.plan-by"), remove);
  }

  #update(row, { name, open, posts, updated_by: who }) {
    const [button, by, remove] = row.children;
    text(button, name);
    button.setAttribute("aria-current", String(open));
    text(by, [ngettext("One point", "%(n)s points", posts.length), who].join(" · "));
    remove.setAttribute("aria-label", _("Remove %(name)s", { name }));
  }

  #open(scenario) {
    this.name.value = scenario?.name ?? "";
    this.key = newKey();
    showErrors(this.form, this.wrong, {});
    fill(this.choices);
    this.plan.open(scenario);
    this.opened(scenario);
  }

  #leave(act) {
    if (this.plan.changed && this.plan.posts.length && !confirm(_("Leave this plan? What was not saved is lost."))) return;
    act();
  }

  async #submit(event) {
    event.preventDefault();
    await this.#keep();
  }

  #keep() {
    return this.#doing(() => (this.plan.scenario ? this.#change(this.plan.scenario.version) : this.#add(this.name.value)));
  }

  async #add(name) {
    const { posts, conditions } = this.plan.told();
    const kept = await post("/planning/scenarios", { name, posts, conditions }, { key: this.key });
    this.key = newKey();
    this.#took(kept);
  }

  async #change(version) {
    const { posts, conditions } = this.plan.told();
    this.#took(await patch(`/planning/scenarios/${this.plan.scenario.id}`, { name: this.name.value, posts, conditions, expected_version: version }));
  }

  #took(kept) {
    this.name.value = kept.name;
    this.scenarios = [...this.scenarios.filter(({ id }) => id !== kept.id), kept].sort((a, b) => a.name.localeCompare(b.name));
    this.plan.keep(kept);
    this.opened(kept);
  }

  #remove(id) {
    const found = this.scenarios.find((each) => each.id === id);
    if (!confirm(_("Remove the scenario “%(name)s”? Studies made of it stay.", { name: found.name }))) return;
    this.#doing(async () => {
      await call("DELETE", `/planning/scenarios/${id}?expected_version=${found.version}`);
      this.scenarios = this.scenarios.filter((each) => each.id !== id);
      if (this.plan.scenario?.id === id) {
        this.plan.scenario = null;
        this.opened(null);
      }
      this.draw();
    });
  }

  /** Somebody else changed it meanwhile: theirs can be looked at, or ours kept over it. */
  #offer(theirs) {
    const again = () => this.#doing(() => this.#change(theirs.version));
    fill(this.choices,
      el("button.secondary", { type: "button", onclick: () => this.#open(theirs) }, _("Open theirs")),
      el("button.secondary", { type: "button", onclick: again }, _("Keep mine")));
  }

  async #doing(work) {
    this.save.disabled = true;
    try {
      await work();
      showErrors(this.form, this.wrong, {});
      fill(this.choices);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { name, ...rest } = error.fields;
      showErrors(this.form, this.wrong, name ? { name, ...rest } : rest, error.message);
      if (error.code === "scenario_changed" && error.problem.scenario) this.#offer(error.problem.scenario);
    } finally {
      this.save.disabled = false;
      this.draw();
    }
  }
}
