// Events of a replay, one line each, the present one marked; and the state at this instant.
import { stageLabel } from "../assignments/progress.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { clock, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { assignmentState, crewState, incidentTitle } from "../core/labels.js";
import { eventSentence } from "../incidents/event_sentences.js";
import { crewGlyph, incidentMark } from "../map/board/glyphs.js";
import { photoTitle, showPhotos } from "../records/photo_viewer.js";

const AROUND = 60; // lines kept before and after the present one: a board has thousands
const TOLD_LATER_S = 5;

export class Story {
  constructor(past, player) {
    this.past = past;
    this.player = player;
    this.now = el("section.replay-now", { "aria-label": _("At this time") });
    this.list = el("ol.replay-events");
    this.events = el("section.replay-story", { "aria-label": _("Events") }, el("h2", {}, _("Events")), this.list);
    this.strip = el("ul.thumbnails");
    this.photos = el("section.replay-photos", { "aria-label": _("Photos"), hidden: true }, el("h2", {}, _("Photos")), this.strip);
    this.current = null;
    if (!past.events.length) this.events.append(el("p.why", {}, _("Nothing happened in this period.")));
  }

  show(atS) {
    this.#now(atS);
    this.#strip(atS);
    const current = this.past.eventAt(atS);
    if (current === this.current) return;
    this.current = current;
    const first = Math.max(0, current - AROUND);
    keyed(this.list, this.past.events.slice(first, current + AROUND), { key: (event) => event.id, create: (event) => this.#line(event), update: () => {} });
    const id = this.past.events[current]?.id;
    for (const row of this.list.children) {
      const here = row.event.id === id;
      row.firstChild.setAttribute("aria-current", here ? "step" : "false");
      row.classList.toggle("to-come", row.event.atS > atS);
      if (here && !this.list.matches(":hover, :focus-within")) row.scrollIntoView({ block: "nearest" });
    }
  }

  #line(event) {
    const crew = this.past.crews.get(event.crew_id)?.name ?? null;
    const about = this.past.incidents.size > 1 && event.incident_id ? `#${event.incident_id} · ` : "";
    const happened = Math.abs(Date.parse(event.occurred_at) - Date.parse(event.at)) / 1000 > TOLD_LATER_S ? _("happened at %(time)s", { time: clock(event.occurred_at) }) : "";
    const button = el("button.event-line", { type: "button", onclick: () => this.player.seek(event.atS) },
      el("time", { datetime: event.at }, clock(event.at)),
      el("span.what", {}, about, eventSentence(event, crew), happened ? el("span.later", {}, ` (${happened})`) : null));
    const row = el("li", { data: { eventId: event.id, kind: event.kind } }, button);
    row.event = event;
    return row;
  }

  #strip(atS) {
    const taken = this.past.photos.filter((photo) => photo.atS <= atS);
    if (taken.length === this.taken) return;
    this.taken = taken.length;
    this.photos.hidden = taken.length === 0;
    keyed(this.strip, taken, {
      key: (photo) => photo.id,
      create: (photo) => el("li", {}, el("button.thumbnail", { type: "button", onclick: () => showPhotos(this.past.photos, this.past.photos.indexOf(photo), this.past.incidents.get(photo.incident_id)) },
        el("img", { src: photo.thumbnail_url, alt: photoTitle(photo) }), el("time", {}, clock(photo.taken_at ?? photo.received_at, { seconds: false })))),
      update: () => {},
    });
  }

  #now(atS) {
    const { kind, id } = this.past.told.about;
    const key = this[`_${kind}`](atS, id);
    if (key === this.nowKey) return;
    this.nowKey = key;
  }

  _incident(atS, id) {
    const incident = this.past.incidents.get(id);
    const frame = this.past.frameOf(incident, atS);
    const key = JSON.stringify(frame);
    if (key !== this.nowKey) {
      this.age = el("time.timer");
      fill(this.now,
        el("p.state-word", {}, frame ? incidentMark(frame.stage) : null, frame ? stageLabel(frame.stage) : _("not reported yet"), " ", this.age),
        el("ul.now-orders", {}, (frame?.orders ?? []).map((order) => el("li", {}, this.past.crews.get(order.crew_id)?.name ?? `#${order.crew_id}`, " · ", assignmentState(order.state)))));
    }
    text(this.age, frame ? timer(atS - incident.framesAtS[0]) : "");
    return key;
  }

  _crew(atS, id) {
    const crew = this.past.crews.get(id);
    const frame = this.past.frameOf(crew, atS);
    const key = JSON.stringify(frame);
    if (key !== this.nowKey) {
      const incident = this.past.incidents.get(frame?.incident_id);
      fill(this.now, el("p.state-word", {}, crewGlyph(frame?.state), crewState(frame?.state)),
        incident ? el("p.now-incident", {}, incidentTitle(incident), incident.address ? ` · ${incident.address}` : "") : null);
    }
    return key;
  }

  _board(atS) {
    const counts = new Map();
    for (const incident of this.past.incidents.values()) {
      const state = this.past.frameOf(incident, atS)?.stage;
      if (state) counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    const working = [...this.past.crews.values()].filter((crew) => this.past.frameOf(crew, atS)?.assignment_id).length;
    const key = JSON.stringify([...counts, working]);
    if (key !== this.nowKey) {
      fill(this.now, el("ul.now-counts", {}, [...counts].map(([state, n]) => el("li", {}, incidentMark(state), ` ${stageLabel(state)} `, el("b", {}, String(n))))),
        el("p", {}, _("Crews at work: %(n)s of %(all)s", { n: working, all: this.past.crews.size })));
    }
    return key;
  }
}
