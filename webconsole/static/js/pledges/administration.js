// Administration of pledges: what is promised, with all that a pledge can say. The shipped examples are
// switched on at /pledges.
import { kindChoices, minutesField, minuteWords, nameFields, nameOf, priorityChoices, utilityChoices } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { call, get, newKey, post, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { _, isChinese } from "../core/i18n.js";
import { utilityLabel } from "../core/labels.js";

const STARTS = { call_started: () => _("from the call"), report_received: () => _("from the report"), pinned: () => _("from the pin"), restored: () => _("from the end of the work") };
const DAYS = { any: () => _("every day"), workdays: () => _("workdays"), free_days: () => _("weekends and holidays") };
const WEATHER = { normal: () => _("Normal weather"), severe_cold: () => _("Severe cold"), storm_1: () => _("Storm, category 1"), storm_2: () => _("Storm, category 2") };
const choices = (table) => () => Object.entries(table).map(([code, words]) => [code, words()]);
const served = (labels) => () => Object.entries(labels).map(([code, words]) => [code, _(words)]);
const zones = async () => (await get("/zones")).zones.map(({ id, name, name_zh: chinese }) => [id, (isChinese() && chinese) || name]);
const calendars = async () => (await get("/calendars")).calendars.map((calendar) => [calendar.code, nameOf(calendar)]);

/** As the API takes a pledge as a whole; an empty text is no text. */
function asWhole(pledge) {
  const { id, code, example, kept, missed, version, updated_at: at, updated_by: by, warn_after_s: warn, ...rest } = pledge;
  return { ...rest, warn_before_s: Math.max(0, rest.limit_s - warn), series: rest.series || null, source: rest.source || null, source_date: rest.source_date || null, expected_version: version };
}

const filled = ({ target_percent: percent, warn_before_s: warn, ...values }) => ({ ...values, target_share: percent === null ? null : percent / 100, ...(warn === null ? {} : { warn_before_s: warn }) });

await showSubject(() => ({
  whole: async () => (await get("/pledges")).pledges,
  rowName: nameOf,
  help: () => [_("For each incident the most exact pledge of each goal runs as a clock. A clock keeps the pledge as it was when it started: what is changed here holds for what is reported from now on.")],
  none: () => _("Nothing is pledged yet, so no clocks run."),
  columns: [
    { name: "name", label: _("Pledge"), sort: true, cell: nameOf, value: nameOf },
    { name: "utility", label: _("Utility"), sort: true, cell: ({ utility }) => utilityLabel(utility) },
    { name: "stop", label: _("Goal"), sort: true, cell: ({ stop }) => _(boot.labels.pledge_goal[stop]) },
    { name: "limit_s", label: _("Limit"), sort: true, cell: ({ limit_s: limit }) => minuteWords(limit) },
    { name: "target_share", label: _("To be kept"), sort: true, cell: ({ target_share: share }) => share && `${Math.round(share * 1000) / 10} %` },
    { name: "source", label: _("Source"), sort: true },
    { name: "enabled", label: _("State"), sort: true, cell: ({ enabled }) => (enabled ? _("● on") : _("○ off")), value: ({ enabled }) => (enabled ? 0 : 1) },
  ],
  filters: [
    { name: "utility", label: _("Utility"), options: utilityChoices },
    { name: "stop", label: _("Goal"), options: served(boot.labels.pledge_goal) },
    { name: "enabled", label: _("State"), options: [["true", _("on")], ["false", _("switched off")]] },
  ],
  fields: [
    ...nameFields(),
    { name: "utility", label: _("Utility"), type: "select", required: true, options: utilityChoices },
    { name: "start", label: _("Counts"), type: "select", required: true, options: choices(STARTS) },
    { name: "stop", label: _("Goal"), type: "select", required: true, options: served(boot.labels.pledge_goal) },
    minutesField({ name: "limit_s", label: _("Limit, minutes"), required: true }),
    minutesField({ name: "warn_before_s", label: _("Warn so many minutes before"), value: ({ limit_s: limit, warn_after_s: warn }) => (typeof warn === "number" ? limit - warn : null), help: _("Blank: when three quarters have passed.") }),
    { name: "target_percent", label: _("Share that is to be kept, per cent"), type: "number", min: 0, max: 100, value: ({ target_share: share }) => (share ? share * 100 : null) },
    { name: "kinds", label: _("Only these kinds"), type: "several", options: kindChoices, help: _("None: of all kinds.") },
    { name: "priorities", label: _("Only these priorities"), type: "several", number: true, options: priorityChoices },
    { name: "zone_id", label: _("Only inside this zone"), type: "select", number: true, options: zones },
    { name: "from_time", label: _("From this time of day"), type: "time" },
    { name: "to_time", label: _("Until this time of day"), type: "time" },
    { name: "days", label: _("On these days"), type: "select", required: true, options: choices(DAYS) },
    { name: "season_from", label: _("From this day of the year"), placeholder: "11-15", help: _("Month and day.") },
    { name: "season_to", label: _("Until this day of the year"), placeholder: "03-15" },
    { name: "weather", label: _("Only in this weather"), type: "several", options: choices(WEATHER) },
    { name: "asset_from_mm", label: _("Only from this diameter on, mm"), type: "number", min: 0 },
    { name: "asset_below_mm", label: _("Only below this diameter, mm"), type: "number", min: 0 },
    { name: "calendar", label: _("Calendar"), type: "select", required: true, options: calendars },
    { name: "opening_only", label: _("only opening hours count"), type: "check" },
    { name: "pauses", label: _("Reasons that may pause it"), type: "several", options: served(boot.labels.pledge_pause) },
    { name: "series", label: _("Series"), maxlength: 40, help: _("Of the pledges of one series that stop alike the most exact one runs.") },
    { name: "source", label: _("Source"), maxlength: 100 },
    { name: "source_date", label: _("Date of the source"), placeholder: "2026-01-31" },
    { name: "enabled", label: _("Switched on"), type: "check" },
  ],
  create: { label: _("New pledge"), record: () => ({ start: "call_started", days: "any", calendar: "office", enabled: true }), send: (values) => post("/pledges", filled(values), { key: newKey() }) },
  change: { whole: true, send: ({ id, version }, values) => put(`/pledges/${id}`, { ...filled(values), expected_version: version }) },
  actions: [{ label: ({ enabled }) => (enabled ? _("Switch off") : _("Switch on")), act: (pledge) => put(`/pledges/${pledge.id}`, { ...asWhole(pledge), enabled: !pledge.enabled }) }],
  remove: { label: _("Promise it no longer"), sentence: (row) => _("%(name)s is promised no longer; its clocks run on.", { name: nameOf(row) }), send: ({ id }) => call("DELETE", `/pledges/${id}`) },
}));
