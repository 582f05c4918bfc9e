// Map layer of a proposal: a line from each crew to its incident. Straight ones: who goes where is to
// be seen at once, not which way.
/* global L */
import { on, state } from "../core/store.js";
import { crewOf } from "./proposal_rows.js";
import { proposal } from "./proposals.js";

export class ProposalLayer {
  constructor(map) {
    this.map = map;
    this.lines = L.layerGroup();
    this.fitted = null;
    for (const topic of ["proposal", "selection", "positions"]) on(topic, () => this.draw());
  }

  draw() {
    if (state.selection.kind !== "proposal") {
      this.lines.remove();
      this.look = null;
      return;
    }
    const { id, rows, hoverId } = proposal();
    const drawn = rows.filter((row) => !row.fate?.sent && crewOf(row)).map((row) => ({ row, from: this.#at(crewOf(row)) }));
    const look = JSON.stringify([hoverId, drawn.map(({ row, from }) => [row.row, from])]);
    if (look === this.look) return;
    this.look = look;
    this.lines.clearLayers();
    for (const { row, from } of drawn) {
      const points = [from, [row.lat, row.lon]];
      const picked = row.row === hoverId ? " picked" : "";
      this.lines.addLayer(L.polyline(points, { className: `proposal-line casing${picked}`, interactive: false }));
      this.lines.addLayer(L.polyline(points, { className: `proposal-line${picked}`, interactive: false }));
    }
    this.lines.addTo(this.map);
    this.#fit(id, drawn);
  }

  /** Where a crew is now, or was when it was proposed. */
  #at({ crew_id, lon, lat }) {
    const crew = state.crews.get(crew_id);
    return typeof crew?.lon === "number" ? [crew.lat, crew.lon] : [lat, lon];
  }

  /** All of a new proposal is seen once; from then on the map is the desk's again. */
  #fit(id, drawn) {
    if (id === null || this.fitted === id || !drawn.length) return;
    this.fitted = id;
    const bounds = L.latLngBounds(drawn.flatMap(({ row, from }) => [from, [row.lat, row.lon]]));
    if (!this.map.getBounds().contains(bounds)) this.map.fitBounds(bounds.pad(0.15), { maxZoom: 16, animate: false });
  }
}
