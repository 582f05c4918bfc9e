// What the rota is made of: kinds of shifts, rotations, minimum staffing, calendar addresses.
import { ApiError, call, get, post, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { skillLabel } from "../core/labels.js";
import { copyButton } from "../widgets/copy_button.js";
import { askRotation } from "./rotation_dialog.js";
import { askInDialog, choiceField, hoursFields, numberOf, textField, valueOf } from "./shift_forms.js";
import { dayLabel, hoursLabel } from "./shift_labels.js";

const button = (label, act, name) => el("button.secondary.small", { type: "button", onclick: act, "aria-label": name ? `${label}: ${name}` : null }, label);

export class RotaSection {
  constructor(node, { changed }) {
    this.node = node;
    this.changed = changed;
  }

  async load() {
    try {
      const [{ templates }, { rotations }, { rules }] = await Promise.all([get("/shift-templates"), get("/rotations"), get("/staffing-rules")]);
      this.templates = templates;
      fill(this.node, this.#kinds(templates), this.#rotations(rotations), this.#rules(rules), boot.may_plan ? this.#feeds() : null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fill(this.node, el("p.form-error", { role: "alert" }, error.message));
    }
  }

  #list(title, rows, empty, add) {
    return el("section.rota-part", {}, el("div.part-head", {}, el("h2", {}, title), boot.may_plan ? add : null), rows.length ? el("ul", {}, rows) : el("p.told", {}, empty));
  }

  #row(name, words, edit, remove) {
    return el("li", {}, el("span.rota-words", {}, el("b", {}, name), el("span.told", {}, words)), boot.may_plan ? el("span.row-acts", {}, button(_("Edit"), edit, name), button(_("Remove"), remove, name)) : null);
  }

  #remove(name, path, words) {
    askInDialog(_("Remove: %(name)s", { name }), [el("p.told", {}, words)], { label: _("Remove"), save: () => call("DELETE", path), done: this.changed });
  }

  #kinds(templates) {
    return this.#list(_("Kinds of shifts"), templates.map((each) => this.#row(each.name, hoursLabel(each), () => this.#askKind(each), () => this.#remove(each.name, `/shift-templates/${each.id}`, _("Shifts that are planned stay.")))),
      _("None yet: a kind of shift has a name and hours, such as Night, 20:00 to 08:00."), button(_("Add a kind of shift"), () => this.#askKind(null)));
  }

  #askKind(known) {
    const hours = hoursFields(known ?? {});
    askInDialog(known?.name ?? _("A kind of shift"), [textField("name", _("Name"), { value: known?.name ?? "", maxlength: "100" }), ...hours.nodes], {
      label: _("Save"),
      save: () => {
        const body = { name: valueOf("name"), ...hours.read() };
        return known ? put(`/shift-templates/${known.id}`, { ...body, expected_version: known.version }) : post("/shift-templates", body);
      },
      done: this.changed,
    });
  }

  #rotations(rotations) {
    const words = (each) => [
      ngettext("%(n)s day", "%(n)s days", each.cycle.length), each.crews.map(({ crew_name }) => crew_name).join(", "),
      _("planned until %(day)s", { day: dayLabel(each.made_until) }),
    ].join(" · ");
    const acts = { templates: this.templates, done: this.changed };
    return this.#list(_("Rotations"), rotations.map((each) => this.#row(each.name, words(each), () => askRotation(each, acts), () => this.#remove(each.name, `/rotations/${each.id}`, _("Its shifts to come go, but for those that were changed by hand.")))),
      _("None yet: crews go through a cycle of days, one after the other."), this.templates.length ? button(_("Add a rotation"), () => askRotation(null, acts)) : null);
  }

  #rules(rules) {
    const words = (each) => [each.area, each.skill ? skillLabel(each.skill) : "", hoursLabel(each), _("at least %(n)s", { n: each.least })].filter(Boolean).join(" · ");
    return this.#list(_("Minimum staffing"), rules.map((each) => this.#row(each.name, words(each), () => this.#askRule(each), () => this.#remove(each.name, `/staffing-rules/${each.id}`, _("Its gaps are not looked for any more.")))),
      _("No rules yet, so no gaps are looked for."), button(_("Add a rule"), () => this.#askRule(null)));
  }

  #askRule(known) {
    const hours = hoursFields(known ?? { from_time: "20:00", to_time: "08:00" });
    const area = known?.station_id ? `station ${known.station_id}` : known?.zone_id ? `zone ${known.zone_id}` : "";
    const areas = [["", _("Everywhere")], ...boot.stations.map(({ id, name }) => [`station ${id}`, name]), ...boot.zones.map(({ id, name }) => [`zone ${id}`, _("Zone %(name)s", { name })])];
    askInDialog(known?.name ?? _("Minimum staffing"), [
      textField("name", _("Name"), { value: known?.name ?? "", maxlength: "100" }),
      el("div.pair", {}, choiceField("area", _("Area"), areas, area), choiceField("skill", _("Skill"), [["", _("any")], ...boot.skills.map((code) => [code, skillLabel(code)])], known?.skill ?? "")),
      ...hours.nodes,
      textField("least", _("At least so many crews"), { type: "number", min: "1", value: String(known?.least ?? 1) }),
    ], {
      label: _("Save"),
      save: () => {
        const [kind, id] = valueOf("area").split(" ");
        const body = { name: valueOf("name"), ...hours.read(), least: numberOf("least") ?? 0, skill: valueOf("skill") || null, station_id: kind === "station" ? Number(id) : null, zone_id: kind === "zone" ? Number(id) : null };
        return known ? put(`/staffing-rules/${known.id}`, { ...body, expected_version: known.version }) : post("/staffing-rules", body);
      },
      done: this.changed,
    });
  }

  #feeds() {
    const crew = choiceField("feed_crew", _("Crew"), boot.crews.map(({ id, name }) => [id, name]), boot.crews[0]?.id ?? "");
    const told = el("p.feed-address", { role: "status" });
    const act = async (method, say) => {
      try {
        say(await call(method, `/crews/${numberOf("feed_crew")}/shift-feed`));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        text(told, error.message);
      }
    };
    const shown = ({ path }) => {
      const address = new URL(path, window.location.href).href;
      fill(told, el("code", {}, address), copyButton(_("Copy the address"), () => address), el("span.told", {}, _("It is shown this once; whoever has it sees this crew's shifts.")));
    };
    return el("section.rota-part", {}, el("h2", {}, _("Calendar of a crew")), el("p.told", {}, _("A secret address that calendar programs read. A new one ends the former.")),
      el("div.feed-row", {}, crew, button(_("New address"), () => act("POST", shown)), button(_("End the address"), () => act("DELETE", () => text(told, _("The address leads nowhere any more."))))), told);
  }
}
