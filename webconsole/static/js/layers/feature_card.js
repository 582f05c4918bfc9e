// Card of the features under a click: one open, the others a line each. Texts come from the utility's
// files and are shown as text, whatever is in them.
/* global L */
import { el } from "../core/dom.js";
import { exactDistance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { lookOf, swatch } from "./layer_signs.js";
import { attributesOf, layerName, rankOf } from "./layers.js";

const said = (value) => (value === true ? _("yes") : value === false ? _("no") : typeof value === "object" ? JSON.stringify(value) : String(value));

export class FeatureCard {
  /** `layers`: by number, those that the features are of. */
  constructor(map, latlng, features, layers) {
    this.map = map;
    this.layers = layers;
    this.rows = features.filter(({ layer_id }) => layers.has(layer_id)).map((feature, at) => this.#row(feature, at === 0));
    const heading = el("h2.off-screen", { tabindex: "-1" }, _("What is here"));
    const node = el("div.feature-card", { onkeydown: (event) => this.#key(event) }, heading, this.rows.map(({ details }) => details));
    this.popup = L.popup({ className: "utility-popup", maxWidth: 320, minWidth: 220, maxHeight: 320, autoPanPadding: [48, 24], closeButton: true })
      .setLatLng(latlng)
      .setContent(node);
    this.popup.on("remove", () => this.#left());
    this.popup.openOn(map);
    const close = this.popup.getElement()?.querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", _("Close"));
    close?.setAttribute("title", "Esc");
    heading.focus({ preventScroll: true });
  }

  close() {
    this.popup.remove();
  }

  #row(feature, open) {
    const layer = this.layers.get(feature.layer_id);
    const entries = attributesOf(feature);
    const title = feature.label || _("%(layer)s, number %(n)s", { layer: layerName(layer), n: feature.feature });
    const away = feature.distance_m >= 1 ? el("span.away", {}, exactDistance(feature.distance_m)) : null;
    const details = el(
      "details",
      { open, name: "feature", ontoggle: () => details.open && this.#pick(feature, layer) },
      el("summary", {}, swatch(layer, rankOf(layer)), el("b", {}, title), el("span.of", {}, layerName(layer)), away),
      entries.length ? el("dl", {}, entries.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, said(value))])) : el("p.none", {}, _("No further details.")),
    );
    if (open) this.#pick(feature, layer);
    return { feature, details };
  }

  /** Show on the map which one is meant. */
  #pick(feature, layer) {
    // A fold tells that it opened only later, when the card may be closed.
    if (this.picked === feature || this.gone) return;
    this.picked = feature;
    this.mark?.remove();
    const { colour } = lookOf(layer, rankOf(layer));
    this.mark = L.geoJSON(feature.geometry, {
      pane: "picked",
      interactive: false,
      style: { className: "feature-picked", color: colour },
      pointToLayer: (_point, at) => L.circleMarker(at, { pane: "picked", radius: 11, className: "feature-picked", color: colour, interactive: false }),
    }).addTo(this.map);
  }

  #key(event) {
    if (event.key !== "Escape") return;
    // The card goes first, and only then the panel.
    event.preventDefault();
    event.stopPropagation();
    this.close();
    this.map.getContainer().focus({ preventScroll: true });
  }

  #left() {
    this.gone = true;
    this.mark?.remove();
    this.mark = null;
  }
}
