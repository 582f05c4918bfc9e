// Video and sound of an incident at the desk, played where they stand.
import { el, keyed } from "../core/dom.js";
import { clock, coordinates, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { Entries } from "../records/entry_list.js";

class Recordings {
  constructor(incidentId) {
    this.list = el("ul.recordings", { "aria-label": _("Video and sound") });
    this.entries = new Entries(incidentId, { name: "recordings", kinds: ["incident.recorded"], draw: (recordings) => this.#draw(recordings) });
    this.node = el("div", {}, this.list, this.entries.failed);
  }

  close() {
    this.entries.stop();
  }

  #draw(recordings) {
    keyed(this.list, recordings, {
      key: ({ id, url }) => `${id} ${url}`,
      create: (recording) => this.#row(recording),
      update: () => {},
    });
  }

  #row({ id, kind, url, author, lon, lat, duration_s: durationS, recorded_at: recordedAt, received_at: receivedAt }) {
    const when = clock(recordedAt ?? receivedAt, { seconds: false });
    const facts = [when, author, durationS === null ? "" : timer(durationS), lon === null ? "" : coordinates(lon, lat)];
    const label = kind === "video" ? _("Video by %(who)s", { who: author }) : _("Sound by %(who)s", { who: author });
    // Loaded when it is played: a list of films would be megabytes.
    const player = url ? el(kind, { src: url, controls: true, preload: "none", playsinline: true, "aria-label": label }) : el("p.no-picture", {}, _("Erased: kept long enough"));
    return el("li", { data: { recordingId: id, kind } }, player, el("p.entry-head", {}, facts.filter(Boolean).join(" · ")));
  }
}

addIncidentSection({
  id: "recordings",
  order: 61,
  title: () => _("Video and sound"),
  count: (incident) => incident.recordings_count || null,
  when: (incident) => incident.recordings_count > 0,
  make: (id) => new Recordings(id),
});
