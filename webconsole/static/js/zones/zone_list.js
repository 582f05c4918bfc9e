// List of zones: found on the map, changed and drawn by those with permission.
import { el, fill, keyed, text } from "../core/dom.js";
import { area } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { on, select } from "../core/store.js";
import { areaOf } from "../crs/geodesy.js";
import { loadZones, mayDrawZones, zoneLabel, zoneName, zones, zonesPhase } from "./zones.js";

const sizeOf = ({ geometry }) =>
  geometry.coordinates.reduce((sum, [outer, ...holes]) => sum + areaOf(outer) - holes.reduce((out, hole) => out + areaOf(hole), 0), 0);

export class ZonesPanel {
  constructor(chosenId) {
    this.chosenId = chosenId;
    this.message = el("p.empty");
    this.list = el("ul.zone-list", { "aria-label": _("Zones") });
    const begin = mayDrawZones() ? el("button.secondary", { type: "button", onclick: () => select("zone") }, _("Draw a zone")) : null;
    this.node = el(
      "section.panel.zones-panel",
      {},
      el("header.panel-head", {}, el("h2", {}, _("Zones")), begin,
        el("button.quiet.icon", { type: "button", "aria-label": _("Back to the layers"), title: _("Back to the layers"), onclick: () => select("layers") }, "×")),
      el("div.scroll", {}, this.message, this.list),
    );
    this.stop = on("zones", () => this.draw());
    this.draw();
  }

  close() {
    this.stop();
  }

  draw() {
    const all = zones();
    this.#say(all.length);
    keyed(this.list, all, {
      key: ({ id }) => id,
      create: (zone) => this.#row(zone),
      update: (row, zone) => this.#update(row, zone),
      frozen: this.list.matches(":hover"),
    });
  }

  #say(count) {
    const phase = count ? "" : zonesPhase();
    this.message.hidden = count > 0;
    if (this.message.dataset.phase === phase) return;
    this.message.dataset.phase = phase;
    if (phase === "loading") fill(this.message, _("Loading the zones…"));
    else if (phase === "failed") fill(this.message, _("The zones could not be loaded."), " ", el("button.secondary", { type: "button", onclick: loadZones }, _("Try again")));
    else fill(this.message, mayDrawZones() ? _("No zones yet. Draw one, or import a file with") : _("No zones yet. An administrator draws them, or imports a file with"), " ", el("code", {}, "nearcrew zone import"));
  }

  #row(zone) {
    const parts = {
      name: el("button.name", { type: "button", onclick: () => select("zones", zone.id) }),
      facts: el("span.facts"),
      edit: mayDrawZones() ? el("button.secondary.small", { type: "button", onclick: () => select("zone", zone.id) }, _("Change")) : null,
    };
    const row = el("li.zone-row", { data: { zoneId: zone.id } }, el(`span.zone-sign.${zone.kind}`, { "aria-hidden": "true" }), el("div.body", {}, parts.name, parts.facts), parts.edit);
    row.parts = parts;
    return row;
  }

  #update(row, zone) {
    const { parts } = row;
    row.classList.toggle("picked", zone.id === this.chosenId);
    row.querySelector(".zone-sign").className = `zone-sign ${zone.kind}`;
    text(parts.name, zoneName(zone));
    text(parts.facts, `${zoneLabel(zone.kind)} · ${area(sizeOf(zone))}`);
    parts.edit?.setAttribute("aria-label", _("Change %(zone)s", { zone: zoneName(zone) }));
  }
}
