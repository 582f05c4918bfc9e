// Finding an address on the phone: with signal the server searches, without it the phone does in the
// names that it keeps. What is chosen is shown on the map.
/* global L */
import { ApiError, get } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { distance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { database } from "../kept/database.js";
import { makeStage } from "../map/stage/stage.js";
import { resultDetail, resultIcon, resultTitle } from "../search/result_labels.js";
import { showDialog } from "../widgets/dialog.js";
import { NameSearch } from "./name_search.js";

const PAUSE_MS = 250;
const PATIENCE_MS = 3000;
const MOST = 10;
const NEAR_ZOOM = 17;
let search = null; // over the names as they are kept

async function keptSearch() {
  const kept = await (await database()).get("kit", "names").catch(() => null);
  if (!kept) return null;
  if (search?.list.ground_id !== kept.list.ground_id) search = new NameSearch(kept.list);
  return search;
}

/** {results, kept}: from the server, or from what is kept where that does not answer. */
async function find(words, near) {
  const query = new URLSearchParams({ q: words, limit: String(MOST), ...(near ? { lon: near.lon, lat: near.lat } : {}) });
  try {
    const { results } = await get(`/search?${query}`, { timeoutMs: PATIENCE_MS });
    return { results: results.filter(({ lon }) => lon !== null), kept: false };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const names = error.offline ? await keptSearch() : null;
    if (!names) throw error;
    return { results: names.find(words, { near, limit: MOST }), kept: true };
  }
}

class SearchSheet {
  /** `place()`: the phone's last fix, or null. */
  constructor(place) {
    this.place = place;
    this.asked = 0;
    this.words = el("input", { type: "search", "aria-label": _("Address, street or place"), placeholder: _("Address, street or place"), autocomplete: "off", enterkeyhint: "search", oninput: () => this.#typed() });
    this.said = el("p.told", { role: "status" });
    this.list = el("ul.found-list");
    this.ground = el("div.map.found-map");
    this.shown = el("p.address");
    this.back = el("button.big", { type: "button", onclick: () => this.#show(null) }, _("Back to the list"));
    this.there = el("div.found-place", { hidden: true }, this.shown, this.ground, this.back);
    const form = el("form.find-form", { onsubmit: (event) => {
      event.preventDefault();
      this.#ask();
    } }, this.words);
    this.body = el("div.find-body", {}, form, this.said, this.list, this.there);
    showDialog("messages-sheet.find-sheet", { title: _("Find an address"), body: this.body });
    this.words.focus();
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask() {
    clearTimeout(this.timer);
    const words = this.words.value.trim();
    const number = (this.asked += 1);
    this.#show(null);
    if (!words) {
      fill(this.list);
      text(this.said, "");
      return;
    }
    try {
      const { results, kept } = await find(words, this.place());
      if (number !== this.asked) return;
      fill(this.list, results.map((result) => this.#row(result)));
      const nothing = results.length ? "" : _("Nothing found for “%(words)s”.", { words });
      text(this.said, [kept ? _("No signal: searched in what this phone keeps.") : "", nothing].filter(Boolean).join(" "));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (number === this.asked) text(this.said, error.message);
    }
  }

  #row(result) {
    const details = [resultDetail(result), result.distance_m === null ? "" : distance(result.distance_m)].filter(Boolean).join(" · ");
    return el("li", {}, el("button.big.found", { type: "button", onclick: () => this.#show(result) }, resultIcon(result.kind), el("span", {}, el("b", {}, resultTitle(result)), el("span.found-detail", {}, details))));
  }

  /** The map with what was chosen, or the list again. */
  #show(result) {
    this.list.hidden = result !== null;
    this.there.hidden = result === null;
    if (result === null) return;
    text(this.shown, [resultTitle(result), resultDetail(result)].join(" · "));
    this.stage ??= makeStage(this.ground, { zoomControl: false });
    const { map } = this.stage;
    const at = [result.lat, result.lon];
    this.mark ??= L.circleMarker(at, { radius: 12, className: "own found-mark", interactive: false }).addTo(map);
    this.mark.setLatLng(at);
    map.invalidateSize({ animate: false });
    map.setView(at, NEAR_ZOOM, { animate: false });
    this.back.focus();
  }
}

/** The button that opens it, for the crew page's menu. */
export const findButton = (place) =>
  el("button", { type: "button", onclick: (event) => {
    event.target.closest("details").open = false;
    new SearchSheet(place);
  } }, _("Find an address"));
