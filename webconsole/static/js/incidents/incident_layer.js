// Map layer of incidents.
import { STAGES, arrivalLine, leadingOrder, stageLabel, stageOf, stageOfLabel } from "../assignments/progress.js";
import { el } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { incidentTitle, priorityLabel } from "../core/labels.js";
import { on, select, selectedIncident, state } from "../core/store.js";
import { boardOf } from "../map/board/board_of_map.js";
import { ChoiceFraming } from "./choice_framing.js";
import { DraftLayer } from "./pin_layer.js";

/** Shown while it may still ask for something; furthest from done first. */
const SHOWN = STAGES;
const REACH = { x: 0, y: -25, r: 17 }; // the head of the pin; its tip is where the crews are
const SOLID = { dx: -14, dy: -41, width: 28, height: 41 };

const waitsAsEmergency = (incident) => incident.state === "open" && incident.priority === 1;

export class IncidentLayer {
  constructor(map, board = boardOf(map)) {
    this.kind = "incident";
    this.map = map;
    this.board = board;
    this.known = new Map();
    for (const topic of ["incidents", "selection"]) on(topic, () => board.change());
    board.add(this);
    new ChoiceFraming(map);
    new DraftLayer(map); // what will be an incident
  }

  marks(sprites) {
    const chosen = selectedIncident();
    for (const id of this.known.keys()) if (!state.incidents.has(id)) this.known.delete(id);
    const marks = [];
    for (const incident of state.incidents.values()) {
      const picked = incident.id === chosen?.id;
      const stage = stageOf(incident);
      if (!picked && !SHOWN.includes(stage)) continue;
      const mark = this.known.get(incident.id) ?? this.#make(incident);
      if (mark.lon !== incident.lon || mark.lat !== incident.lat) {
        const { x, y } = this.board.world(incident.lat, incident.lon);
        Object.assign(mark, { lon: incident.lon, lat: incident.lat, wx: x, wy: y });
      }
      mark.incident = incident;
      mark.solo = picked;
      mark.rank = picked ? 20 : 14 - incident.priority + (incident.state === "resolved" ? -4 : 0);
      const { priority } = incident;
      mark.sprite = sprites.incident({ state: stage, priority, picked });
      mark.tag = sprites.number(incident.id, { priority, picked, loud: priority === 1 && stage !== "resolved" });
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
      solid: SOLID,
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
    return `${incidentTitle(incident)} · ${_("Priority")} ${incident.priority} · ${stageOfLabel(incident)}`;
  }

  #tip(incident) {
    const leading = leadingOrder(incident);
    return el(
      "div",
      {},
      el("strong", {}, incidentTitle(incident)),
      el("div", {}, `${priorityLabel(incident.priority)} · ${stageOfLabel(incident)}`),
      leading ? el("div", {}, `${leading.crew_name} · ${arrivalLine(leading)}`) : null,
      incident.address ? el("div", {}, incident.address) : null,
    );
  }

  group(members, sprites) {
    const incidents = members.map(({ incident }) => incident);
    const unsolved = incidents.filter((incident) => stageOf(incident) !== "resolved");
    const worst = Math.min(...(unsolved.length ? unsolved : incidents).map(({ priority }) => priority));
    const emergencies = incidents.filter(waitsAsEmergency).length;
    const heading = () => _("%(n)s incidents", { n: members.length });
    const facts = () => [
      _("most urgent: %(priority)s", { priority: priorityLabel(worst) }),
      ...(emergencies ? [ngettext("%(n)s emergency waits for a crew", "%(n)s emergencies wait for a crew", emergencies)] : []),
      ...SHOWN.map((code) => [code, incidents.filter((incident) => stageOf(incident) === code).length])
        .filter(([, n]) => n > 0)
        .map(([code, n]) => `${n} ${stageLabel(code)}`),
    ];
    const sprite = sprites.incidents({ count: members.length, worst, loud: emergencies > 0 });
    const { dx, dy, width, height } = sprite;
    return {
      kind: "incident",
      id: null,
      members,
      loud: emergencies > 0,
      rank: emergencies ? 15 : 13.5,
      sprite,
      solid: { dx, dy, width, height },
      reach: { x: 0, y: 0, r: 22 },
      name: () => `${heading()}: ${facts().join(" · ")}`,
      tip: () => el("div", {}, el("strong", {}, heading()), ...facts().map((fact) => el("div", {}, fact))),
    };
  }
}
