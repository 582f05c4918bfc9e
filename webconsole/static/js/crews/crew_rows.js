// Virtual list of crews: of a thousand, only the twenty on the screen have rows.
import { arrange, el, fill, sameOrder, text } from "../core/dom.js";
import { _, isChinese } from "../core/i18n.js";
import { crewState, skillLabel } from "../core/labels.js";
import { hoverCrew, select, state } from "../core/store.js";
import { crewGlyph } from "../map/board/glyphs.js";
import { drawReach, reachBadge } from "../reach/reach_badge.js";
import { rotaMark } from "../shifts/rota_now.js";
import { isStale, placeWords } from "./crew_place.js";

const ROW_PX = 50;
const HEAD_PX = 28;
const SPARE = 6; // rows beyond either edge, so that a quick hand sees no gap
const AIM_MS = 15000;
const LOW_BATTERY = 20;

export class CrewRows {
  constructor() {
    this.items = [];
    this.groups = [];
    this.rows = new Map();
    this.movedMs = -Infinity;
    this.at = null;
    this.list = el("ul.crew-list", { "aria-label": _("Crews") });
    this.scroll = el("div.scroll.crew-scroll", {}, this.list);
    this.scroll.addEventListener("scroll", () => this.#window(), { passive: true });
    this.scroll.addEventListener("pointermove", () => (this.movedMs = performance.now()), { passive: true });
    this.scroll.addEventListener("pointerleave", () => {
      this.movedMs = -Infinity;
      hoverCrew(null);
      this.show(this.groups);
    });
    this.list.addEventListener("keydown", (event) => this.#keys(event));
    this.size = new ResizeObserver(() => this.#window());
    this.size.observe(this.scroll);
  }

  close() {
    this.size.disconnect();
    hoverCrew(null);
  }

  /** Whether a hand may be about to press a row: then rows keep their places. */
  get aiming() {
    return performance.now() - this.movedMs < AIM_MS;
  }

  /** Take groups of crews as `arrangedCrews` gives them. `settle`: another order was asked for. */
  show(groups, { settle = false } = {}) {
    this.groups = groups;
    let items = groups.flatMap(({ key, title, crews }) => [
      ...(title === null ? [] : [{ id: `group ${key}`, title, count: crews.length }]),
      ...crews.map((crew) => ({ id: crew.id })),
    ]);
    if (!settle && this.aiming) items = this.#held(items);
    this.items = items;
    let top = 0;
    for (const item of items) {
      item.top = top;
      item.height = item.title === undefined ? ROW_PX : HEAD_PX;
      top += item.height;
    }
    const height = `${top}px`;
    if (this.list.style.height !== height) this.list.style.height = height;
    this.crews = items.filter(({ title }) => title === undefined).length;
    this.#window();
  }

  /** The order on the screen, so long as a hand is over it; who left the list keeps the row as long. */
  #held(items) {
    const shown = this.items.map(({ id }) => id);
    const now = new Map(items.map((item) => [item.id, item]));
    for (const item of this.items) if (!now.has(item.id) && (item.title !== undefined || state.crews.has(item.id))) now.set(item.id, item);
    return sameOrder([...now.keys()], shown).map((id) => now.get(id));
  }

  /** Rows for what is on the screen. */
  #window() {
    const { scrollTop, clientHeight } = this.scroll;
    const from = scrollTop - SPARE * ROW_PX;
    const until = scrollTop + clientHeight + SPARE * ROW_PX;
    const seen = this.items.filter(({ top, height }) => top + height > from && top < until);
    const ids = new Set(seen.map(({ id }) => id));
    for (const [id, row] of this.rows) {
      if (ids.has(id) || row.contains(document.activeElement)) continue;
      row.remove();
      this.rows.delete(id);
    }
    let position = 0;
    const places = new Map();
    for (const item of this.items) if (item.title === undefined) places.set(item.id, (position += 1));
    for (const item of seen) this.#place(item, places.get(item.id));
    // In the order one reads them, whatever order they came in: Tab and screen readers follow it.
    arrange(this.list, [...this.rows.values()].sort((a, b) => a.top - b.top));
  }

  #place(item, position) {
    let row = this.rows.get(item.id);
    if (!row) {
      row = item.title === undefined ? this.#row(item.id) : el("li.crew-group", {}, el("h3"));
      this.rows.set(item.id, row);
    }
    if (row.top !== item.top) {
      row.top = item.top;
      row.style.transform = `translateY(${item.top}px)`;
    }
    if (item.title !== undefined) {
      text(row.firstChild, `${item.title} ${item.count}`);
      return;
    }
    if (row.position !== position || row.total !== this.crews) {
      row.position = position;
      row.total = this.crews;
      row.setAttribute("aria-posinset", String(position));
      row.setAttribute("aria-setsize", String(this.crews));
    }
    this.#update(row, state.crews.get(item.id));
  }

  #row(id) {
    const parts = {
      mark: el("span.mark"),
      name: el("span.crew-name"),
      state: el("span.state"),
      skills: el("span.skills"),
      rota: el("span.rota-mark"),
      station: el("span.station"),
      right: el("span.right"),
      reach: reachBadge(null),
    };
    const button = el("button.crew-row", { type: "button", data: { crewId: id }, onclick: () => select("crew", id) },
      parts.mark,
      el("span.body", {}, el("span.line", {}, parts.name, parts.reach, parts.state), el("span.line", {}, el("span.facts", {}, parts.rota, parts.skills, parts.station), parts.right)));
    const row = el("li.crew-item", {}, button);
    row.parts = parts;
    for (const start of ["pointerenter", "focusin"]) row.addEventListener(start, () => hoverCrew(id));
    row.addEventListener("focusin", () => (this.at = id));
    row.addEventListener("focusout", () => hoverCrew(null));
    return row;
  }

  #update(row, crew) {
    if (!crew) return;
    const { parts } = row;
    const stale = isStale(crew);
    const look = `${crew.state}|${stale}`;
    if (parts.mark.dataset.look !== look) {
      parts.mark.dataset.look = look;
      fill(parts.mark, crewGlyph(crew.state, { stale }));
    }
    text(parts.name, crew.name);
    drawReach(parts.reach, crew.reachable);
    parts.reach.hidden = crew.duty === "off_duty";
    text(parts.state, crewState(crew.state));
    text(parts.rota, rotaMark(crew.id));
    // What a crew can do is what it is looked for by; where it belongs may be cut.
    text(parts.skills, (crew.skills ?? []).map(skillLabel).join(isChinese() ? "、" : ", "));
    text(parts.station, crew.station_name ?? "");
    const right = [];
    if (crew.workload?.today) right.push(_("%(n)s today", { n: crew.workload.today }));
    if (typeof crew.battery_pct === "number") right.push(_("battery %(n)s %", { n: Math.round(crew.battery_pct) }));
    right.push(placeWords(crew));
    text(parts.right, right.join(" · "));
    row.classList.toggle("off", crew.duty !== "on_duty");
    row.classList.toggle("stale", stale && crew.duty === "on_duty");
    row.classList.toggle("weak", typeof crew.battery_pct === "number" && crew.battery_pct < LOW_BATTERY);
  }

  /** What ages in the rows that are there. */
  tick() {
    for (const [id, row] of this.rows) if (row.parts) this.#update(row, state.crews.get(id));
  }

  /** Arrows walk the whole list, not only the rows that exist. */
  #keys(event) {
    const ids = this.items.filter(({ title }) => title === undefined).map(({ id }) => id);
    const at = ids.indexOf(this.at);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
    if (to === undefined || !ids.length) return;
    event.preventDefault();
    const item = this.items.find(({ id }) => id === ids[Math.min(ids.length - 1, Math.max(0, to))]);
    const { scrollTop, clientHeight } = this.scroll;
    if (item.top < scrollTop) this.scroll.scrollTop = item.top;
    else if (item.top + item.height > scrollTop + clientHeight) this.scroll.scrollTop = item.top + item.height - clientHeight;
    this.#window();
    this.rows.get(item.id).querySelector("button").focus({ preventScroll: true });
  }
}
