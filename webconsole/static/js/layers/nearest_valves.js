// Section of the valves nearest to an incident: which to shut, how far, in which direction.
import { ApiError } from "../core/api.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { exactDistance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { utilityLabel } from "../core/labels.js";
import { on, state } from "../core/store.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { attributesOf, layerName, layerOf, layers, layersPhase, nearestOf, pointAt } from "./layers.js";

const KIND = "valves";
const SHOWN_ATTRIBUTES = 3;
const WINDS = () => [_("N"), _("NE"), _("E"), _("SE"), _("S"), _("SW"), _("W"), _("NW")];

const windOf = (degrees) => WINDS()[Math.round(degrees / 45) % 8];

class NearbyPart {
  constructor(incidentId) {
    this.id = incidentId;
    this.note = el("p.empty", { hidden: true });
    this.list = el("ul.nearby-list", { "aria-label": _("Nearest valves") });
    this.node = el("div.nearby", {}, this.note, this.list);
    this.stops = [on("layers", () => this.#ask()), () => this.abort?.abort()];
  }

  close() {
    for (const stop of this.stops) stop();
    pointAt(null);
  }

  update(incident) {
    const where = `${incident.lon},${incident.lat},${incident.utility}`;
    if (where === this.where) return;
    this.where = where;
    this.#ask();
  }

  async #ask() {
    const incident = state.incidents.get(this.id);
    if (!incident) return;
    this.abort?.abort();
    this.abort = new AbortController();
    const { signal } = this.abort;
    try {
      const { lon, lat, utility } = incident;
      const answer = await nearestOf(KIND, { lon, lat, utility, signal });
      if (!signal.aborted) this.#draw(answer, utility);
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof ApiError)) throw error;
      this.#say(_("The valves could not be loaded."), el("button.secondary.small", { type: "button", onclick: () => this.#ask() }, _("Try again")));
    }
  }

  #say(sentence, ...more) {
    this.note.hidden = !sentence;
    fill(this.note, sentence, " ", ...more);
  }

  #draw({ features, layers: records, within_m: withinM }, utility) {
    if (!records) this.#say(_("No valves of this utility have been imported: %(utility)s.", { utility: utilityLabel(utility) }));
    else this.#say(features.length ? "" : _("No valve within %(far)s.", { far: exactDistance(withinM) }));
    keyed(this.list, features, {
      key: ({ layer_id, feature }) => `${layer_id}-${feature}`,
      create: (feature) => this.#row(feature),
      update: (row, feature) => this.#update(row, feature),
    });
  }

  #row(feature) {
    const parts = { arrow: el("span.wind-arrow", { "aria-hidden": "true" }, "↑"), name: el("b"), doubt: el("span.doubt", {}, _("utility not said")), way: el("span.way"), facts: el("span.facts") };
    const mark = () => pointAt({ lon: row.feature.lon, lat: row.feature.lat, label: this.#name(row.feature) });
    const button = el(
      "button.nearby-row",
      {
        type: "button",
        onmouseenter: mark,
        onmouseleave: () => pointAt(null),
        onfocus: mark,
        onblur: () => pointAt(null),
        onclick: () => document.dispatchEvent(new CustomEvent("look-at", { detail: { lon: row.feature.lon, lat: row.feature.lat } })),
      },
      parts.arrow, el("span.nearby-name", {}, parts.name, " ", parts.doubt), parts.way, parts.facts,
    );
    const row = el("li", { data: { feature: `${feature.layer_id}-${feature.feature}` } }, button);
    row.parts = parts;
    return row;
  }

  #name({ label, layer_id, feature }) {
    return label || `${layerName(layerOf(layer_id) ?? { name: "" })} ${feature}`;
  }

  #update(row, feature) {
    row.feature = feature;
    const { parts } = row;
    const { bearing_deg: bearing, distance_m: metres } = feature;
    text(parts.name, this.#name(feature));
    parts.doubt.hidden = feature.utility !== null;
    parts.arrow.hidden = bearing === null;
    parts.arrow.style.transform = `rotate(${Math.round(bearing ?? 0)}deg)`;
    text(parts.way, bearing === null ? _("right here") : _("%(far)s %(wind)s", { far: exactDistance(metres), wind: windOf(bearing) }));
    const others = attributesOf(feature).filter(([, value]) => String(value) !== feature.label && typeof value !== "object" && value !== "");
    text(parts.facts, others.slice(0, SHOWN_ATTRIBUTES).map(([name, value]) => `${name} ${value}`).join(" · "));
  }
}

const valveLayers = () => layers().filter(({ kind }) => kind === KIND);

addIncidentSection({
  id: "nearby",
  title: () => _("Nearest valves"),
  order: 30,
  // Nothing to say where no records are, or where nothing flows in pipes.
  when: ({ utility }) => utility !== "power" && (layersPhase() === "loading" || valveLayers().length > 0),
  make: (incidentId) => new NearbyPart(incidentId),
});
