// Panel that switches the utility's layers and zones on the map, per browser.
import { el, fill, keyed, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { utilityLabel } from "../core/labels.js";
import { on, select } from "../core/store.js";
import { ZONE_KINDS, zoneKindLabel, zones } from "../zones/zones.js";
import { swatch } from "./layer_signs.js";
import { isShown, layerName, layers, layersPhase, loadLayers, rankOf, show } from "./layers.js";

const KINDS = () => ({ mains: _("Mains"), valves: _("Valves"), stations: _("Stations"), districts: _("Districts"), other: _("Other records") });

const lookAt = () => document.dispatchEvent(new CustomEvent("look-at"));
const fitTo = (bounds) => document.dispatchEvent(new CustomEvent("fit-to", { detail: bounds }));

export class LayersPanel {
  constructor() {
    this.message = el("p.empty");
    this.list = el("ul.layer-list", { "aria-label": _("The utility's own layers") });
    this.look = el("button.secondary.small", { type: "button", onclick: lookAt }, _("What is at the centre of the map?"));
    this.zones = el("ul.layer-list", { "aria-label": _("Zones") });
    this.node = el(
      "section.panel.layers-panel",
      {},
      el("header.panel-head", {}, el("h2", {}, _("Layers")),
        el("button.quiet.icon", { type: "button", "aria-label": _("Back to the overview"), title: _("Back to the overview"), onclick: () => select(null) }, "×")),
      el("div.scroll", {}, this.message, this.list, el("p.layer-look", {}, this.look),
        el("h3", {}, _("Zones")), this.zones,
        el("p.layer-look", {}, el("button.secondary.small", { type: "button", onclick: () => select("zones") }, _("All zones…")))),
    );
    this.redraw = () => this.draw();
    document.addEventListener("themechange", this.redraw);
    this.stops = [on("layers", this.redraw), on("zones", this.redraw), () => document.removeEventListener("themechange", this.redraw)];
    this.draw();
  }

  close() {
    for (const stop of this.stops) stop();
  }

  draw() {
    const all = layers();
    this.#say(all.length);
    this.look.parentElement.hidden = all.length === 0;
    keyed(this.list, all, { key: ({ id }) => id, create: (layer) => this.#row(`layer-${layer.id}`, layer), update: (row, layer) => this.#update(row, layer) });
    const counts = ZONE_KINDS.map((kind) => ({ kind, n: zones().filter((zone) => zone.kind === kind).length }));
    keyed(this.zones, counts, { key: ({ kind }) => kind, create: ({ kind }) => this.#row(`zone-${kind}`), update: (row, { kind, n }) => this.#updateZones(row, kind, n) });
  }

  #say(count) {
    const phase = count ? "" : layersPhase();
    this.message.hidden = count > 0;
    if (this.message.dataset.phase === phase) return;
    this.message.dataset.phase = phase;
    if (phase === "loading") fill(this.message, _("Loading the layers…"));
    else if (phase === "failed") fill(this.message, _("The layers could not be loaded."), " ", el("button.secondary", { type: "button", onclick: loadLayers }, _("Try again")));
    else fill(this.message, _("No layers yet. An administrator imports mains, valves and the like with"), " ", el("code", {}, "nearcrew layer import"));
  }

  #row(part, layer = null) {
    const id = `show-${part}`;
    const parts = {
      box: el("input", { type: "checkbox", id, onchange: (event) => show(part, event.target.checked) }),
      sign: el("span.sign"),
      name: el("b"),
      facts: el("span.facts"),
      fit: layer ? el("button.quiet.icon", { type: "button", onclick: () => fitTo(row.layer.bounds) }, "⤢") : null,
    };
    const row = el("li.layer-row", { data: { part } }, el("label", { for: id }, parts.box, parts.sign, el("span.words", {}, parts.name, parts.facts)), parts.fit);
    row.parts = parts;
    row.shows = part; // `part` is a name of the DOM
    return row;
  }

  #update(row, layer) {
    row.layer = layer;
    const { parts } = row;
    parts.box.checked = isShown(row.shows);
    const look = `${layer.version}|${rankOf(layer)}|${document.documentElement.dataset.theme}`;
    if (row.look !== look) {
      row.look = look;
      fill(parts.sign, swatch(layer, rankOf(layer)));
    }
    text(parts.name, layerName(layer));
    const count = ngettext("%(n)s entry", "%(n)s entries", layer.features);
    const utility = layer.utility ? utilityLabel(layer.utility) : _("all utilities");
    text(parts.facts, [KINDS()[layer.kind], utility, count, _("imported %(time)s", { time: clock(layer.imported_at, { seconds: false }) })].join(" · "));
    const label = _("Show all of %(layer)s", { layer: layerName(layer) });
    parts.fit.setAttribute("aria-label", label);
    parts.fit.title = label;
  }

  #updateZones(row, kind, n) {
    const { parts } = row;
    parts.box.checked = isShown(row.shows);
    row.parts.sign.className = `sign zone-sign ${kind}`;
    text(parts.name, zoneKindLabel(kind));
    text(parts.facts, ngettext("%(n)s zone", "%(n)s zones", n));
  }
}
