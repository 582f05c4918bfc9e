// Controls of a record's form, by the type that a subject gives a field. Each can be read and written, and
// says what it is called to the API, so that a refusal finds it.
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { pointControl } from "./point_control.js";
import { rowsControl } from "./rows_control.js";
import { secretControl } from "./secret_control.js";

let made = 0;
const idOf = (name) => `field${(made += 1)}-${name}`;

/** Options as [value, label], or a function that gives them, at once or later. */
async function fillOptions(select, { options, required, any }, chosen) {
  const found = typeof options === "function" ? await options() : options;
  const none = required && !any ? [] : [["", any ?? _("none")]];
  fill(select, [...none, ...found].map(([value, label]) => el("option", { value: String(value) }, label)));
  select.value = String(chosen() ?? (required ? found[0]?.[0] : "") ?? "");
}

function textControl(spec) {
  const tag = spec.type === "long" ? "textarea" : "input";
  const control = el(tag, { id: idOf(spec.name), type: tag === "input" ? spec.input ?? "text" : null, rows: tag === "textarea" ? "4" : null, maxlength: spec.maxlength, placeholder: spec.placeholder, autocomplete: "off", spellcheck: "false", required: spec.required });
  const blank = spec.blank === undefined ? null : spec.blank;
  return { control, read: () => control.value.trim() || blank, write: (value) => (control.value = value ?? "") };
}

function numberControl(spec) {
  const control = el("input", { id: idOf(spec.name), type: "number", inputmode: "decimal", min: spec.min, max: spec.max, step: spec.step ?? "any", required: spec.required });
  const scale = spec.scale ?? 1; // minutes are typed where seconds are kept
  const read = () => (control.value === "" ? null : control.valueAsNumber * scale);
  return { control, read, write: (value) => (control.value = typeof value === "number" ? value / scale : "") };
}

function selectControl(spec) {
  const control = el("select", { id: idOf(spec.name), required: spec.required });
  let wanted = null;
  const ready = fillOptions(control, spec, () => wanted);
  const typed = (text) => (text === "" ? null : spec.number ? Number(text) : text);
  const write = (value) => {
    wanted = value;
    control.value = String(value ?? "");
  };
  return { control, ready, read: () => typed(control.value), write };
}

/** Check boxes in a group: any number of a few. What is set but no longer offered stays until it is unticked. */
function severalControl(spec) {
  const control = el("div.choices", { id: idOf(spec.name), role: "group", "aria-label": spec.label, tabindex: "-1" });
  let offered = [];
  const boxes = () => [...control.querySelectorAll("input")];
  const write = (value) => {
    const wanted = (value ?? []).map(String);
    const known = new Set(offered.map(([each]) => String(each)));
    const others = wanted.filter((each) => !known.has(each)).map((each) => [each, spec.named?.(each) ?? each]);
    fill(control, [...offered, ...others].map(([each, label]) => el("label.check", {}, el("input", { type: "checkbox", value: String(each), checked: wanted.includes(String(each)) }), el("span", {}, label))));
  };
  const draw = (options) => {
    const chosen = boxes().map((box) => box.value); // written before they came
    offered = options;
    write(chosen);
  };
  const options = typeof spec.options === "function" ? spec.options() : spec.options;
  const ready = options instanceof Promise ? options.then(draw) : draw(options);
  return { control, ready, read: () => boxes().filter((box) => box.checked).map((box) => (spec.number ? Number(box.value) : box.value)), write };
}

/** One entry a line: for lists of words that nobody has listed before. */
function linesControl(spec) {
  const control = el("textarea", { id: idOf(spec.name), rows: "3", spellcheck: "false" });
  const read = () => control.value.split("\n").map((line) => line.trim()).filter(Boolean);
  return { control, read, write: (value) => (control.value = (value ?? []).join("\n")) };
}

function checkControl(spec) {
  const control = el("input", { id: idOf(spec.name), type: "checkbox" });
  return { control, read: () => control.checked, write: (value) => (control.checked = Boolean(value)) };
}

const two = (n) => String(n).padStart(2, "0");

/** An instant as the browser's clock has it; to the API it goes with its zone. */
function instantControl(spec) {
  const control = el("input", { id: idOf(spec.name), type: "datetime-local", required: spec.required });
  const write = (iso) => {
    const at = iso ? new Date(iso) : null;
    control.value = at ? `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}` : "";
  };
  return { control, read: () => (control.value ? new Date(control.value).toISOString() : null), write };
}

function fileControl(spec) {
  const control = el("input", { id: idOf(spec.name), type: "file", accept: spec.accept, required: spec.required });
  return { control, read: () => control.files[0] ?? null, write: () => (control.value = "") };
}

const zones = () => Intl.supportedValuesOf("timeZone").map((zone) => [zone, zone]);
const plainInput = (input) => (spec) => textControl({ ...spec, type: "text", input });

const TYPES = {
  text: textControl,
  long: textControl,
  number: numberControl,
  select: selectControl,
  several: severalControl,
  lines: linesControl,
  check: checkControl,
  time: plainInput("time"),
  day: plainInput("date"),
  colour: plainInput("color"),
  instant: instantControl,
  zone: (spec) => selectControl({ ...spec, options: zones }),
  file: fileControl,
  secret: (spec) => secretControl(spec, idOf(spec.name)),
  point: (spec) => pointControl(spec, idOf),
  rows: (spec) => rowsControl(spec, idOf(spec.name), makeField),
};

/** {node, names, read() → {name: value}, write(record), ready}: a field with its label, help and error. */
export function makeField(spec) {
  const made = TYPES[spec.type ?? "text"](spec);
  const { control } = made;
  const error = el("span.field-error", { id: `${control.id}-error`, data: { field: spec.name } });
  const help = spec.help ? el("span.field-help", { id: `${control.id}-help` }, spec.help) : null;
  control.setAttribute("aria-describedby", [help?.id, error.id].filter(Boolean).join(" "));
  const label = el(spec.required ? "label.needed" : "label", { for: control.id }, spec.label);
  const parts = made.body ?? control;
  const node = spec.type === "check"
    ? el("div.field.field-check", {}, el("span.check", {}, control, label), help, error)
    : el("div.field", { data: { type: spec.type ?? "text" } }, label, parts, help, error);
  return {
    spec,
    node,
    ready: made.ready,
    names: made.names ?? [spec.name],
    read: made.readAll ?? (() => ({ [spec.name]: made.read() })),
    write: (record) => (made.writeAll ? made.writeAll(record) : made.write(spec.value ? spec.value(record) : record[spec.name])),
  };
}
