// Choices that several subjects offer, from what the server told the page.
import { boot } from "../core/boot.js";
import { _, isChinese } from "../core/i18n.js";
import { kindName, PRIORITIES, priorityLabel, skillLabel, utilityLabel } from "../core/labels.js";

export const kindChoices = () => boot.kinds.map(({ code }) => [code, kindName(code)]);
export const utilityChoices = () => ["gas", "heat", "water", "power"].map((code) => [code, utilityLabel(code)]);
export const priorityChoices = () => PRIORITIES.map((level) => [level, `P${level} ${priorityLabel(level)}`]);
export const skillWords = (skills) => skills.map(skillLabel).join(", ");

/** The name of a row that has one in each language. */
export const nameOf = ({ name_en: english, name_zh: chinese }) => (isChinese() ? chinese : english);

/** Two fields: what it is called in each language. */
export const nameFields = () => [
  { name: "name_en", label: _("English name"), required: true, maxlength: 100, blank: "" },
  { name: "name_zh", label: _("Chinese name"), required: true, maxlength: 100, blank: "" },
];

/** A field in minutes of what is kept in seconds. */
export const minutesField = (spec) => ({ ...spec, type: "number", min: 0, step: "any", scale: 60 });

export const minuteWords = (seconds) => _("%(n)s min", { n: Math.round(seconds / 6) / 10 });
