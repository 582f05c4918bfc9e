// Map layer of incidents.
import { el } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { incidentState, incidentTitle, priorityLabel } from "../core/labels.js";
import { on, select, selectedIncident, state } from "../core/store.js";
import { boardOf } from "../map/board/board_of_map.js";
import { incidentWord, shownState } from "../outcomes/outcome_labels.js";
import { DraftLayer } from "./pin_layer.js";

/** Shown while it may still ask for something; furthest from done first. */
const SHOWN = ["open", "assigned", "on_scene", "made_safe", "resolved"];
const REACH = { x: 0, y: -22, r: 17 }; // the head of the pin; its tip is where the crews are

const waitsAsEmergency = (incident) => incident.state === "open" && incident.priority === 1;

export class IncidentLayer {
  constructor(map, board = boardOf(map)) {
    this.kind = "incident";
    this.map = map;
    this.board = board;
    this.known = new Map();
    for (const topic of ["incidents", "selection"]) on(topic, () => board.change());
    on("selection", () => this.#bringIntoView());
    board.add(this);
    new DraftLayer(map); // what will be an incident
  }

  marks(sprites) {
    const chosen = selectedIncident();
    for (const id of this.known.keys()) if (!state.incidents.has(id)) this.known.delete(id);
    const marks = [];
    for (const incident of state.incidents.values()) {
      const picked = incident.id === chosen?.id;
      if (!picked && !SHOWN.includes(shownState(incident))) continue;
      const mark = this.known.get(incident.id) ?? this.#make(incident);
      if (mark.lon !== incident.lon || mark.lat !== incident.lat) {
        const { x, y } = this.board.world(incident.lat, incident.lon);
        Object.assign(mark, { lon: incident.lon, lat: incident.lat, wx: x, wy: y });
      }
      mark.incident = incident;
      mark.solo = picked;
      mark.rank = picked ? 20 : 14 - incident.priority + (incident.state === "resolved" ? -4 : 0);
      mark.sprite = sprites.incident({ state: shownState(incident), priority: incident.priority, picked });
      marks.push(mark);
    }
    return marks.sort((a, b) => a.id - b.id);
  }

  #make({ id }) {
    const mark = {
      kind: "incident",
      id,
      from: null,
      tag: null,
      reach: REACH,
      name: () => this.#name(mark.incident),
      tip: () => this.#tip(mark.incident),
      pick: () => select("incident", id),
      isPicked: () => state.selection.kind === "incident" && state.selection.id === id,
    };
    this.known.set(id, mark);
    return mark;
  }

  #name(incident) {
    return `${incidentTitle(incident)} · ${_("Priority")} ${incident.priority} · ${incidentWord(incident)}`;
  }

  #tip(incident) {
    return el(
      "div",
      {},
      el("strong", {}, incidentTitle(incident)),
      el("div", {}, `${priorityLabel(incident.priority)} · ${incidentWord(incident)}`),
      incident.address ? el("div", {}, incident.address) : null,
    );
  }

  group(members, sprites) {
    const incidents = members.map(({ incident }) => incident);
    const worst = SHOWN.find((code) => incidents.some((incident) => shownState(incident) === code)) ?? "resolved";
    const emergencies = incidents.filter(waitsAsEmergency).length;
    const heading = () => _("%(n)s incidents", { n: members.length });
    const facts = () => [
      ...(emergencies ? [ngettext("%(n)s emergency waits for a crew", "%(n)s emergencies wait for a crew", emergencies)] : []),
      ...SHOWN.map((code) => [code, incidents.filter((incident) => shownState(incident) === code).length])
        .filter(([, n]) => n > 0)
        .map(([code, n]) => `${n} ${incidentState(code)}`),
    ];
    return {
      kind: "incident",
      id: null,
      members,
      loud: emergencies > 0,
      rank: emergencies ? 15 : 13.5,
      sprite: sprites.incidents({ count: members.length, state: worst, loud: emergencies > 0 }),
      reach: { x: 1, y: -23, r: 20 },
      name: () => `${heading()}: ${facts().join(" · ")}`,
      tip: () => el("div", {}, el("strong", {}, heading()), ...facts().map((fact) => el("div", {}, fact))),
    };
  }

  #bringIntoView() {
    const incident = selectedIncident();
    if (!incident || state.selection.kind !== "incident") return;
    const at = [incident.lat, incident.lon];
    if (!this.map.getBounds().pad(-0.08).contains(at)) this.map.panTo(at);
  }
}
