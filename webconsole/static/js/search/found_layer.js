// Marker of the chosen search result: replaced by the next one, with what can be done there.
/* global L */
import { boot } from "../core/boot.js";
import { el, svg } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { followCrew, on, state } from "../core/store.js";
import { decimal, spellings } from "../crs/coordinates.js";
import { pinAt } from "../incidents/pinning.js";
import { copyButton } from "../widgets/copy_button.js";
import { resultDetail, resultTitle } from "./result_labels.js";

const NEAR_ZOOM = { address: 18, crossing: 18, coordinate: 18, place: 17, street: 16 };
const SETTLEMENT_ZOOM = 15;
const FLIGHT_S = 0.6;

let map = null;
let mark = null;

/** The map to show things on. */
export function findOn(wanted) {
  map = wanted;
  on("draft", () => state.draft && clear()); // it is being pinned
}

function clear() {
  const old = mark;
  mark = null; // first: closing the card asks again
  old?.marker.remove();
  old?.popup.remove();
}

function sign() {
  return svg(
    "svg", { viewBox: "0 0 32 32", width: 32, height: 32, "aria-hidden": "true" },
    svg("circle", { cx: 16, cy: 16, r: 10, class: "found-ring" }),
    svg("path", { d: "M16 1v9M16 22v9M1 16h9M22 16h9", class: "found-hair" }),
  );
}

/** Move the view there, close enough to tell houses apart; nearer than it is, never further off. */
export function lookAt({ lon, lat, kind, category }) {
  if (!map) return;
  followCrew(null); // the map goes where it was told last
  const wanted = category === "settlement" ? SETTLEMENT_ZOOM : NEAR_ZOOM[kind] ?? 16;
  const zoom = Math.max(wanted, Math.min(map.getZoom(), map.getMaxZoom()));
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (still) map.setView([lat, lon], zoom, { animate: false });
  else map.flyTo([lat, lon], zoom, { duration: FLIGHT_S });
}

function card(result, place, close) {
  const { lon, lat } = result;
  const pin = el("button.primary", { type: "button", onclick: () => pinAt(place) }, _("Pin an incident here"));
  const others = spellings(lon, lat).slice(1);
  const node = el(
    "div.found-card",
    { role: "group", "aria-label": resultTitle(result), onkeydown: (event) => event.key === "Escape" && (event.preventDefault(), close()) },
    el("strong", {}, result.kind === "coordinate" ? _("Coordinates") : resultTitle(result)),
    result.kind === "coordinate" && result.datum === "wgs84" ? null : el("div.found-detail", {}, resultDetail(result)),
    el("div.found-at", {}, el("span.exact", {}, decimal(lon, lat)), copyButton(_("Copy the coordinates"), () => decimal(lon, lat))),
    others.map(({ name, text }) => el("div.found-other", {}, name ? `${name}  ${text}` : text)),
    boot.ground_id ? pin : null,
  );
  return { node, pin };
}

/** Fly there, mark it, and offer to pin an incident at `place`, which has its address. */
export function showFound(result, place) {
  if (!map) return;
  clear();
  const close = () => {
    clear();
    document.querySelector("#search input")?.focus();
  };
  const icon = L.divIcon({ html: sign(), className: "found-mark", iconSize: [32, 32], iconAnchor: [16, 16] });
  const { node, pin } = card(result, place, close);
  const marker = L.marker([result.lat, result.lon], { icon, keyboard: false, interactive: false, zIndexOffset: 1500 }).addTo(map);
  const popup = L.popup({ className: "found-popup", offset: [0, -12], minWidth: 220, maxWidth: 300, autoPan: false, closeOnClick: false })
    .setLatLng([result.lat, result.lon])
    .setContent(node);
  mark = { marker, popup };
  popup.on("remove", () => mark?.popup === popup && clear());
  lookAt(result);
  popup.openOn(map);
  const button = popup.getElement()?.querySelector(".leaflet-popup-close-button");
  button?.setAttribute("aria-label", _("Close"));
  // The next Enter pins; the map keeps its place while the keyboard goes there. From the command
  // line it goes when that has closed, which gives the focus back to where it was before.
  const focus = () => pin.focus({ preventScroll: true });
  const line = document.querySelector("dialog[open]");
  if (line) line.addEventListener("close", focus, { once: true });
  else focus();
}
