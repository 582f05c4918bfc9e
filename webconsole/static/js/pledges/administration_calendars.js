// Administration of calendars: opening hours, holidays, weekends that are worked instead.
import { nameFields, nameOf } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { get, put } from "../core/api.js";
import { _ } from "../core/i18n.js";

const days = () => [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")];
const asWords = (hours) => (hours ?? []).map((span) => span.join("–")).join(", ");
const asHours = (words) => (words ?? "").split(/[,，;；]/).map((span) => span.trim()).filter(Boolean).map((span) => span.split(/\s*[-–—~]\s*/).map((time) => time.padStart(5, "0")));
const asRows = (exceptions) => Object.entries(exceptions ?? {}).map(([day, { name, hours }]) => ({ day, name, hours: asWords(hours) }));

function asCalendar(values) {
  const weekly = days().map((_day, index) => asHours(values[`weekly.${index}`]));
  const exceptions = Object.fromEntries(values.exceptions.map(({ day, name, hours }) => [day ?? "", { name: name ?? "", hours: asHours(hours) }]));
  return { name_en: values.name_en, name_zh: values.name_zh, weekly, exceptions };
}

let timeZone = "";

await showSubject(() => ({
  whole: async () => {
    const { calendars, time_zone: zone } = await get("/calendars");
    timeZone = zone;
    return calendars;
  },
  id: ({ code }) => code,
  rowName: nameOf,
  help: () => [_("When is worked. Pledges and clocks count by it; clocks that run keep the hours of their start.")],
  columns: [
    { name: "name", label: _("Name"), sort: true, cell: nameOf, value: nameOf },
    { name: "code", label: _("Code"), sort: true },
    { name: "weekly", label: _("Opening hours"), cell: ({ weekly }) => days().map((day, index) => `${day} ${asWords(weekly[index]) || _("not open")}`).join("; ") },
    { name: "exceptions", label: _("Days that are otherwise"), cell: ({ exceptions }) => String(Object.keys(exceptions).length), value: ({ exceptions }) => Object.keys(exceptions).length },
  ],
  fields: () => [
    { name: "code", label: _("Code"), required: true, blank: "", only: "new", help: _("Small letters, digits and _; it stays.") },
    ...nameFields(),
    ...days().map((day, index) => ({ name: `weekly.${index}`, label: day, placeholder: "08:00–12:00, 14:00–18:00", value: ({ weekly }) => asWords(weekly?.[index]), help: index ? null : _("Times are those of %(zone)s. Blank: not open.", { zone: timeZone }) })),
    { name: "exceptions", label: _("Days that are otherwise"), type: "rows", add: _("Add a day"), value: ({ exceptions }) => asRows(exceptions), fields: [
      { name: "day", label: _("Day"), type: "day", required: true },
      { name: "name", label: _("Name") },
      { name: "hours", label: _("Hours; blank: a holiday"), placeholder: "08:00–12:00" },
    ] },
  ],
  create: { label: _("New calendar"), send: ({ code, ...values }) => put(`/calendars/${encodeURIComponent(code)}`, asCalendar(values)) },
  change: { whole: true, send: ({ code }, values) => put(`/calendars/${code}`, asCalendar(values)) },
}));
