// One rotation in a dialog: which shift on which day of the cycle, and where each crew begins.
import { post, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { askInDialog, textField, valueOf } from "./shift_forms.js";
import { addDays } from "./shift_labels.js";

const MOST_DAYS = 56; // by hand; longer cycles come by the API
const DEFAULT_DAYS = 4;

/** A select for each day of the cycle. Days with several shifts are kept as they are. */
function cycleFields(known, templates) {
  let cycle = known?.cycle ?? Array.from({ length: DEFAULT_DAYS }, () => []);
  const node = el("ol.cycle");
  const draw = () => fill(node, cycle.map((day, number) => {
    const several = day.length > 1;
    const select = el("select", { "aria-label": _("Day %(n)s of the cycle", { n: number + 1 }), onchange: () => (cycle[number] = select.value ? select.value.split(",").map(Number) : []) },
      el("option", { value: "" }, _("free")), templates.map(({ id, name }) => el("option", { value: String(id) }, name)),
      several ? el("option", { value: day.join(",") }, day.map((id) => templates.find((each) => each.id === id)?.name ?? id).join(" + ")) : null);
    select.value = day.join(",");
    return el("li", {}, select);
  }));
  const length = el("input", { id: "shift-days", type: "number", min: "1", max: String(MOST_DAYS), value: String(cycle.length), oninput: () => {
    const wanted = Math.min(Math.max(length.valueAsNumber || 1, 1), MOST_DAYS);
    cycle = Array.from({ length: wanted }, (_unused, number) => cycle[number] ?? []);
    draw();
  } });
  draw();
  return { nodes: [el("div.field", {}, el("label", { for: length.id }, _("Days of the cycle")), length), node, el("span.field-error", { id: "shift-cycle-error" })], read: () => cycle };
}

/** A box for each crew, and the day of the cycle on which it begins. */
function crewFields(known) {
  const offsets = new Map((known?.crews ?? []).map(({ crew_id, offset_days }) => [crew_id, offset_days]));
  const rows = boot.crews.map(({ id, name }) => {
    const box = el("input", { type: "checkbox", data: { crewId: id } });
    box.checked = offsets.has(id);
    const offset = el("input", { type: "number", min: "1", max: String(MOST_DAYS), value: String((offsets.get(id) ?? 0) + 1), "aria-label": _("%(crew)s begins on day", { crew: name }) });
    return { id, box, offset, node: el("li", {}, el("label", {}, box, name), el("span", {}, _("begins on day"), " ", offset)) };
  });
  return {
    node: el("fieldset.rotating", {}, el("legend", {}, _("Crews")), el("ul", {}, rows.map(({ node }) => node)), el("span.field-error", { id: "shift-crews-error" })),
    read: () => rows.filter(({ box }) => box.checked).map(({ id, offset }) => ({ crew_id: id, offset_days: Math.max((offset.valueAsNumber || 1) - 1, 0) })),
  };
}

export function askRotation(known, { templates, done }) {
  const cycle = cycleFields(known, templates);
  const crews = crewFields(known);
  askInDialog(known?.name ?? _("A rotation"), [
    textField("name", _("Name"), { value: known?.name ?? "", maxlength: "100" }),
    el("div.pair", {}, textField("starts_on", _("First day"), { type: "date", value: known?.starts_on ?? addDays(boot.today, 1) }), textField("ends_on", _("Last day (optional)"), { type: "date", value: known?.ends_on ?? "" })),
    ...cycle.nodes, crews.node,
    el("p.told", {}, _("Shifts are planned for six weeks, and on from there day by day.")),
  ], {
    label: _("Save and plan"),
    save: () => {
      const body = { name: valueOf("name"), starts_on: valueOf("starts_on"), ends_on: valueOf("ends_on") || null, cycle: cycle.read(), crews: crews.read() };
      return known ? put(`/rotations/${known.id}`, { ...body, expected_version: known.version }) : post("/rotations", body);
    },
    done,
  });
}
