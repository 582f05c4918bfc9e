// Words for what was measured, in the page's language: names, units, values, and how bad they are. A
// limit that is exceeded has a word and a sign, and not only a colour.
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { _, isChinese } from "../core/i18n.js";

/** What a thing is called; of events `key` names the field: "form" for form_en and form_zh. */
export const nameIn = (thing, key = "name") => (isChinese() ? thing[`${key}_zh`] : thing[`${key}_en`]) ?? "";

const SIGNS = { ok: "✓", warn: "▲", alarm: "◆" };
const WORDS = {
  ok: () => _("within limits"),
  warn: () => _("beyond the warning limit"),
  alarm: () => _("beyond the alarm limit"),
};

export const verdictWord = (verdict) => WORDS[verdict]();

/** "◆ beyond the alarm limit". */
export const verdictMark = (verdict) =>
  el("span.verdict", { data: { verdict } }, el("span", { "aria-hidden": "true" }, `${SIGNS[verdict]} `), verdictWord(verdict));

/** "12.5 % LEL", "Indoors". */
export const valueWords = (item) => [nameIn(item, "shown"), nameIn(item, "unit")].filter(Boolean).join(" ");

/** "Gas concentration 12.5 % LEL". */
export const itemWords = (item) => `${nameIn(item)} ${valueWords(item)}`;

export const itemsWords = (items) => items.map(itemWords).join(", ");

/** One value of a list, with a mark where it is beyond a limit. */
export const itemNode = (item) =>
  el("span.measured-item", { data: { verdict: item.verdict } }, `${nameIn(item)} `, el("b", {}, valueWords(item)), item.verdict === "ok" ? null : [" ", verdictMark(item.verdict)]);

/** "warning from 10, alarm from 20 % LEL"; "" without limits. */
export function limitsWords(field) {
  const said = [];
  const say = (value, sentence) => value !== null && said.push(sentence(value));
  say(field.warn_high, (n) => _("warning from %(n)s", { n }));
  say(field.alarm_high, (n) => _("alarm from %(n)s", { n }));
  say(field.warn_low, (n) => _("warning down from %(n)s", { n }));
  say(field.alarm_low, (n) => _("alarm down from %(n)s", { n }));
  return said.join(", ");
}

/** Codes, parts and minutes of an order that ended, as lines. */
export function workLines(work) {
  if (!work) return [];
  const codes = (work.codes ?? []).map((code) => nameIn(code)).join(", ");
  const parts = (work.parts ?? []).map((part) => `${nameIn(part)} ${part.quantity} ${nameIn(part, "unit")}`.trim()).join(", ");
  return [
    codes && _("Result codes: %(codes)s", { codes }),
    parts && _("Parts: %(parts)s", { parts }),
    typeof work.minutes === "number" && _("Worked: %(n)s min", { n: work.minutes }),
  ].filter(Boolean);
}

/** An item as the server will answer it, of what was just typed. */
export function itemOf(field, value, verdict) {
  const choice = field.choices.find(({ code }) => code === value);
  const [english, chinese] = choice ? [choice.name_en, choice.name_zh] : value === true ? ["yes", "是"] : value === false ? ["no", "否"] : [String(value), String(value)];
  return { code: field.code, name_en: field.name_en, name_zh: field.name_zh, type: field.type, value, unit_en: field.unit_en, unit_zh: field.unit_zh, shown_en: english, shown_zh: chinese, verdict };
}

export const fieldTypes = () => Object.entries(boot.labels.field_type).map(([code, label]) => [code, _(label)]);
