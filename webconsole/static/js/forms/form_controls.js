// Controls of a form's fields, large enough for a glove: the unit beside the number, and what is beyond
// a limit said at once, by a word, a sign and a colour.
import { boot } from "../core/boot.js";
import { now } from "../core/clock.js";
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { limitsWords, nameIn, verdictMark } from "./form_labels.js";
import { isPossible, judge, readNumber } from "./numbers.js";

const two = (n) => String(n).padStart(2, "0");

function numberControl(field, id, changed) {
  const said = el("p.limit-said", { role: "status" });
  const input = el("input.number", { id, type: "text", inputmode: field.least !== null && field.least >= 0 ? "decimal" : "text", autocomplete: "off", maxlength: 40, oninput: () => changed() });
  const node = el("div.number-line", {}, input, el("span.unit", {}, nameIn(field, "unit")));
  const show = () => {
    const number = readNumber(input.value);
    const wrong = input.value.trim() && (number === null ? _("This is no number: 12.5 or 12,5.") : !isPossible(field, number) && _("Between %(least)s and %(most)s is possible.", { least: field.least ?? "−∞", most: field.most ?? "∞" }));
    const verdict = wrong || number === null ? "ok" : judge(field, number);
    node.dataset.verdict = verdict;
    input.setAttribute("aria-invalid", String(Boolean(wrong)));
    fill(said, wrong ? el("span.wrong", {}, wrong) : verdict === "ok" ? el("span.limits", {}, limitsWords(field)) : verdictMark(verdict), !wrong && verdict === "alarm" ? el("b", {}, ` ${_("The desk is told.")}`) : null);
    return { value: number, verdict, wrong: Boolean(wrong) };
  };
  return { node: el("div", {}, node, said), read: show, raw: () => input.value, restore: (text) => (input.value = text) };
}

function choiceControl(options) {
  return (field, id, changed) => {
    const boxes = options(field).map(([value, label]) => [value, el("label.choice", {}, el("input", { type: "radio", name: id, onchange: () => changed() }), el("span", {}, label))]);
    const chosen = () => boxes.find(([, box]) => box.querySelector("input").checked)?.[0] ?? null;
    return {
      node: el("div.choices", { id }, boxes.map(([, box]) => box)),
      read: () => ({ value: chosen(), verdict: "ok", wrong: false }),
      raw: () => JSON.stringify(chosen()),
      restore: (text) => {
        for (const [value, box] of boxes) box.querySelector("input").checked = JSON.stringify(value) === text;
      },
    };
  };
}

function timeControl(field, id, changed) {
  const input = el("input", { id, type: "time", onchange: () => changed(), oninput: () => changed() });
  const setNow = () => {
    const at = new Date(now());
    input.value = `${two(at.getHours())}:${two(at.getMinutes())}`;
    changed();
  };
  return { node: el("div.number-line", {}, input, el("button.big", { type: "button", onclick: setNow }, _("Now"))), read: () => ({ value: input.value || null, verdict: "ok", wrong: false }), raw: () => input.value, restore: (text) => (input.value = text) };
}

function textControl(field, id, changed) {
  const input = el("textarea", { id, rows: "2", maxlength: boot.limits.text, oninput: () => changed() });
  return { node: input, read: () => ({ value: input.value.trim() || null, verdict: "ok", wrong: false }), raw: () => input.value, restore: (text) => (input.value = text) };
}

const CONTROLS = {
  number: numberControl,
  choice: choiceControl((field) => field.choices.map((choice) => [choice.code, nameIn(choice)])),
  yes_no: choiceControl(() => [[true, _("Yes")], [false, _("No")]]),
  time: timeControl,
  text: textControl,
};

/** {field, node, read() → {value, verdict, wrong}, raw(), restore(text)}; a value of null: not filled in. */
export function fieldControl(field, id, changed) {
  const made = CONTROLS[field.type](field, id, changed);
  const grouped = ["choice", "yes_no"].includes(field.type);
  const name = [nameIn(field), field.required ? el("span.needed-word", {}, ` · ${_("required")}`) : null];
  const node = grouped
    ? el("fieldset.form-field", { data: { code: field.code } }, el("legend", {}, name), made.node)
    : el("div.form-field", { data: { code: field.code } }, el("label", { for: id }, name), made.node);
  return { field, ...made, node };
}
