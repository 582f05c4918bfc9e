// The queue: what waits first, the most urgent first, the longest waiting first.
import { secondsSince } from "../clock.js";
import { el, fill, keyed, text } from "../dom.js";
import { clock, coordinates, duration, timer } from "../format.js";
import { _ } from "../i18n.js";
import { incidentMark } from "../map/glyphs.js";
import { pinAt } from "../map/pinning.js";
import { liveAssignments, on, select, selectedIncident, state, touch } from "../store.js";
import { assignmentState, incidentState, incidentTitle, priorityWord } from "../words.js";

const GROUPS = [
  { id: "open", states: ["open"], title: () => _("Waiting for a crew") },
  { id: "going", states: ["assigned", "on_scene"], title: () => _("Under way") },
  { id: "done", states: ["resolved"], title: () => _("Done, to be closed") },
];

const byNeed = (a, b) =>
  a.priority - b.priority || Date.parse(a.reported_at ?? a.created_at) - Date.parse(b.reported_at ?? b.created_at) || a.id - b.id;

export class QueuePanel {
  constructor(node, { reload, centre }) {
    this.node = node;
    this.centre = centre;
    this.reload = reload;
    this.pointerInside = false;
    this.lists = new Map();
    this.#build();
    on("incidents", () => this.draw());
    on("crews", () => this.draw());
    on("selection", () => this.draw());
    on("tick", () => this.#timers());
    this.draw();
  }

  #build() {
    const pin = el("button.secondary", { type: "button", title: _("Or right-click (press long) on the map"), onclick: () => this.#pinAtCentre() }, _("Report an incident"));
    this.message = el("div.empty");
    const groups = GROUPS.map((group) => {
      const count = el("span.n");
      const title = el("h3", {}, group.title(), " ", count);
      const list = el("ul.rows", { "aria-label": group.title() });
      const more = group.id === "done" ? (this.older = el("p.older", { hidden: true }, _("Older ones are not shown here; close what is done."))) : null;
      const section = el("section.group", { data: { group: group.id } }, title, list, more);
      this.lists.set(group.id, { section, list, count });
      return section;
    });
    this.scroll = el("div.scroll", {}, this.message, groups);
    fill(this.node, el("header.panel-head", {}, el("h2", {}, _("Incidents")), pin), this.scroll);
    // While the pointer is over the list (or the keys walk it) rows keep their places.
    this.scroll.addEventListener("pointerenter", () => (this.pointerInside = true));
    this.scroll.addEventListener("pointerleave", () => {
      this.pointerInside = false;
      touch("incidents");
    });
    this.node.addEventListener("keydown", (event) => this.#keys(event));
  }

  #pinAtCentre() {
    pinAt(this.centre());
  }

  #keys(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [...this.node.querySelectorAll(".incident-row")];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))];
    next.focus();
    event.preventDefault();
  }

  draw() {
    const all = [...state.incidents.values()];
    let shown = 0;
    for (const group of GROUPS) {
      const { section, list, count } = this.lists.get(group.id);
      const items = all.filter((incident) => group.states.includes(incident.state)).sort(byNeed);
      shown += items.length;
      section.hidden = items.length === 0;
      text(count, String(items.length));
      keyed(list, items, {
        key: (incident) => incident.id,
        create: (incident) => this.#row(incident),
        update: (row, incident) => this.#update(row, incident),
        frozen: this.pointerInside,
      });
    }
    this.older.hidden = !state.olderResolved;
    this.#say(shown);
    this.#timers();
  }

  #say(shown) {
    const phase = state.loading.incidents;
    this.message.hidden = shown > 0;
    const look = shown > 0 ? "" : phase;
    if (this.message.dataset.look === look) return;
    this.message.dataset.look = look;
    if (phase === "loading") fill(this.message, el("p", {}, _("Loading the incidents…")));
    else if (phase === "failed") {
      fill(this.message, el("p", {}, _("The incidents could not be loaded.")), el("button.secondary", { type: "button", onclick: this.reload }, _("Try again")));
    } else {
      fill(
        this.message,
        el("p.calm", {}, _("Nothing waits.")),
        el("p", {}, _("Right-click the map, or press long, to report an incident where it is.")),
      );
    }
  }

  #row(incident) {
    const parts = {
      priority: el("span.priority"),
      kind: el("span.kind"),
      timer: el("time.timer"),
      mark: el("span.mark"),
      state: el("span.state"),
      place: el("div.place"),
      crew: el("div.crew-line"),
    };
    const button = el(
      "button.incident-row",
      { type: "button", data: { incidentId: incident.id }, onclick: () => select("incident", incident.id) },
      parts.priority,
      el("div.body", {},
        el("div.line", {}, parts.kind, parts.timer),
        parts.place,
        el("div.line.second", {}, el("span.state-word", {}, parts.mark, parts.state), parts.crew)),
    );
    const row = el("li", {}, button);
    row.parts = { ...parts, button };
    return row;
  }

  #update(row, incident) {
    const { parts } = row;
    row.incidentId = incident.id;
    text(parts.priority, `P${incident.priority}`);
    parts.priority.className = `priority p-${incident.priority}`;
    parts.priority.title = priorityWord(incident.priority);
    text(parts.kind, incidentTitle(incident));
    text(parts.place, incident.address || coordinates(incident.lon, incident.lat));
    if (parts.mark.dataset.state !== incident.state) {
      parts.mark.dataset.state = incident.state;
      fill(parts.mark, incidentMark(incident.state));
    }
    const live = liveAssignments(incident);
    const accepted = incident.state === "assigned" && live.length ? assignmentState(live[0].state) : incidentState(incident.state);
    text(parts.state, accepted);
    text(parts.crew, this.#crewLine(live));
    parts.button.classList.toggle("picked", selectedIncident()?.id === incident.id);
    parts.button.setAttribute("aria-current", selectedIncident()?.id === incident.id ? "true" : "false");
  }

  #crewLine(live) {
    if (!live.length) return "";
    const [first] = live;
    const more = live.length > 1 ? ` +${live.length - 1}` : "";
    const eta = first.state === "on_scene" || !first.eta_at ? "" : ` · ${clock(first.eta_at, { seconds: false })}`;
    return `${first.crew_name}${more}${eta}`;
  }

  #timers() {
    for (const { list } of this.lists.values()) {
      for (const row of list.children) {
        const incident = state.incidents.get(row.incidentId);
        if (!incident) continue;
        const since = incident.reported_at ?? incident.created_at;
        if (incident.state === "resolved") {
          text(row.parts.timer, _("%(age)s ago", { age: duration(secondsSince(incident.updated_at)) }));
          continue;
        }
        const seconds = secondsSince(since);
        text(row.parts.timer, timer(seconds));
        row.parts.timer.title = _("Reported at %(time)s", { time: clock(since) });
      }
    }
  }
}
