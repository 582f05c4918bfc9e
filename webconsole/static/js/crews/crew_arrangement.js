// Filter, order and grouping of the crew list, remembered by this browser.
import { boot } from "../core/boot.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { secondsSince } from "../core/clock.js";
import { _, isChinese } from "../core/i18n.js";
import { CREW_STATES, crewState } from "../core/labels.js";
import { touch } from "../core/store.js";

const KEPT = "nearcrew-crew-list";
const DEFAULT = { text: "", state: "", skill: "", station: "", sort: "state", group: "" };

export const CREW_SORTINGS = {
  state: () => _("State"),
  name: () => _("Name"),
  fix: () => _("Oldest position"),
  orders: () => _("Orders today"),
  battery: () => _("Battery"),
};

export const CREW_GROUPINGS = {
  "": () => _("No groups"),
  station: () => _("Station"),
  state: () => _("State"),
};

export const crewView = { ...DEFAULT, ...readStored(KEPT, {}), text: "" };
if (!(crewView.sort in CREW_SORTINGS)) crewView.sort = DEFAULT.sort;
if (!(crewView.group in CREW_GROUPINGS)) crewView.group = DEFAULT.group;

export function setCrewView(change) {
  Object.assign(crewView, change);
  writeStored(KEPT, crewView);
  touch("crew-view");
}

export const isNarrowed = () => Boolean(crewView.text.trim() || crewView.state || crewView.skill || crewView.station);
export const showAllCrews = () => setCrewView({ text: "", state: "", skill: "", station: "" });

const ON_DUTY = "on_duty";
export const crewStateChoices = () => [["", _("all")], [ON_DUTY, _("On duty")], ...CREW_STATES.map((code) => [code, crewState(code)])];

// Without any recorded skill a crew has none, unless the company has set that it has all.
const isAble = ({ skills }, skill) => (skills?.length ? skills.includes(skill) : Boolean(boot.unrecorded_skills_suffice));

/** Whether a crew is shown. */
export function crewPasses(crew, by = crewView) {
  if (by.state === ON_DUTY ? crew.duty !== "on_duty" : by.state && crew.state !== by.state) return false;
  if (by.skill && !isAble(crew, by.skill)) return false;
  if (by.station && String(crew.station_id ?? "") !== by.station) return false;
  const typed = by.text.trim().toLocaleLowerCase();
  if (!typed) return true;
  const all = `${crew.name}\n${crew.station_name ?? ""}`.toLocaleLowerCase();
  return typed.split(/\s+/).every((word) => all.includes(word));
}

const collator = () => new Intl.Collator(isChinese() ? "zh-CN" : "en", { numeric: true });
const rank = new Map(CREW_STATES.map((code, index) => [code, index]));

/** Crews in order: {key, title, crews} a group; one group without a title when there are none. */
export function arrangedCrews(crews) {
  const { compare } = collator();
  const age = (crew) => (crew.fixed_at ? secondsSince(crew.fixed_at) : Infinity);
  const by = {
    name: () => 0,
    state: (a, b) => (rank.get(a.state) ?? 99) - (rank.get(b.state) ?? 99),
    fix: (a, b) => (age(b) > age(a) ? 1 : age(b) < age(a) ? -1 : 0),
    orders: (a, b) => (b.workload?.today ?? 0) - (a.workload?.today ?? 0),
    battery: (a, b) => (a.battery_pct ?? 101) - (b.battery_pct ?? 101),
  }[crewView.sort];
  const sorted = crews.filter((crew) => crewPasses(crew)).sort((a, b) => by(a, b) || compare(a.name, b.name));
  if (!crewView.group) return [{ key: "", title: null, crews: sorted }];
  const groups = new Map();
  for (const crew of sorted) {
    const key = crewView.group === "station" ? String(crew.station_id ?? "") : crew.state;
    const title = crewView.group === "station" ? crew.station_name ?? _("No station") : crewState(crew.state);
    if (!groups.has(key)) groups.set(key, { key, title, crews: [] });
    groups.get(key).crews.push(crew);
  }
  const order = crewView.group === "state" ? (a, b) => rank.get(a.key) - rank.get(b.key) : (a, b) => compare(a.title, b.title);
  return [...groups.values()].sort(order);
}
