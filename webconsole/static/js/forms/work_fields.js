// What the screen for the end of an order asks beside the outcome: cause and repair, parts, minutes.
// It is kept while it is chosen, and proposed: minutes count from the arrival.
import { now } from "../core/clock.js";
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { nameIn } from "./form_labels.js";
import { keepFields, keptFields } from "./kept_fields.js";
import { readNumber } from "./numbers.js";

const GROUPS = { cause: () => _("Cause"), repair: () => _("Repair") };
const MOST_MINUTES = 7 * 24 * 60;
const STEP = 5;

const minutesSince = (iso) => (iso ? Math.max(1, Math.round((now() - Date.parse(iso)) / 60000)) : null);

/** {node, read() → fields of the command, wrong() → whether something cannot be sent, forget()}. */
export function workFields(order, sheet, changed) {
  const key = `work-${order.id}`;
  const kept = keptFields(key);
  const codes = new Set(kept.codes ?? []);
  const parts = new Map(Object.entries(kept.parts ?? {})); // quantities as typed
  let minutes = kept.minutes ?? null; // as typed; null: as proposed

  const keep = () => {
    keepFields(key, { codes: [...codes], parts: Object.fromEntries(parts), minutes });
    changed();
  };

  const codeBox = (code) => el("label.choice.code", {},
    el("input", { type: "checkbox", value: code.code, checked: codes.has(code.code), onchange: (event) => {
      if (event.target.checked) codes.add(code.code);
      else codes.delete(code.code);
      keep();
    } }), el("span", {}, nameIn(code)));
  const codeGroup = (group) => {
    const own = sheet.codes.filter((each) => each.group === group);
    return own.length ? el("details.code-group", { open: own.some(({ code }) => codes.has(code)) }, el("summary.big", {}, GROUPS[group]()), el("div.choices", {}, own.map(codeBox))) : null;
  };

  const used = el("ul.used-parts");
  const quantityOf = (code) => readNumber(parts.get(code) ?? "");
  const isWrong = (code) => !(quantityOf(code) > 0 && quantityOf(code) <= 1e6);
  function drawParts() {
    fill(used, [...parts.keys()].map((code) => {
      const part = sheet.parts.find((each) => each.code === code) ?? { name_en: code, name_zh: code, unit_en: "", unit_zh: "" };
      const input = el("input.number", { type: "text", inputmode: "decimal", maxlength: 12, value: parts.get(code), "aria-label": _("Quantity: %(part)s", { part: nameIn(part) }), oninput: () => {
        parts.set(code, input.value);
        input.setAttribute("aria-invalid", String(isWrong(code)));
        keep();
      } });
      const remove = el("button.big.remove", { type: "button", "aria-label": _("Remove"), onclick: () => {
        parts.delete(code);
        drawParts();
        keep();
      } }, "×");
      return el("li", {}, el("span.part-name", {}, nameIn(part)), el("span.number-line", {}, input, el("span.unit", {}, nameIn(part, "unit")), remove));
    }));
  }
  const picker = el("select.big", { "aria-label": _("Add a part"), onchange: () => {
    if (picker.value && !parts.has(picker.value)) parts.set(picker.value, "1");
    picker.value = "";
    drawParts();
    keep();
  } }, el("option", { value: "" }, _("Add a part")), sheet.parts.map((part) => el("option", { value: part.code }, nameIn(part))));

  const proposed = () => minutesSince(order.arrived_at);
  const field = el("input.number", { type: "text", inputmode: "numeric", maxlength: 6, "aria-label": _("Minutes worked"), oninput: () => {
    minutes = field.value;
    keep();
  } });
  const shownMinutes = () => minutes ?? String(proposed() ?? "");
  const readMinutes = () => (shownMinutes().trim() === "" ? null : readNumber(shownMinutes()));
  const minutesWrong = () => shownMinutes().trim() !== "" && !(Number.isInteger(readMinutes()) && readMinutes() >= 0 && readMinutes() <= MOST_MINUTES);
  const step = (by) => el("button.big", { type: "button", "aria-label": by > 0 ? _("%(n)s minutes more", { n: STEP }) : _("%(n)s minutes less", { n: STEP }), onclick: () => {
    minutes = String(Math.max(0, (readMinutes() ?? 0) + by));
    field.value = minutes;
    keep();
  } }, by > 0 ? "+" : "−");
  field.value = shownMinutes();
  drawParts();

  return {
    node: el("div.work-fields", {}, Object.keys(GROUPS).map(codeGroup),
      sheet.parts.length ? el("section.parts", {}, el("h3", {}, _("Parts used")), used, picker) : null,
      el("section.minutes", {}, el("h3", {}, _("Minutes worked")), el("div.number-line", {}, step(-STEP), field, el("span.unit", {}, _("min")), step(STEP)))),
    read: () => ({
      ...(codes.size ? { codes: [...codes] } : {}),
      ...(parts.size ? { parts: [...parts.keys()].map((code) => ({ code, quantity: quantityOf(code) })) } : {}),
      ...(readMinutes() === null ? {} : { minutes: readMinutes() }),
    }),
    wrong: () => minutesWrong() || [...parts.keys()].some(isWrong),
    forget: () => keepFields(key, {}),
  };
}
