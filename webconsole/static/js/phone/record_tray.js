// The button for a crew's photos on scene, large to press; it works without signal.
import { ApiError, get } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { byServer, now } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { photoRefusalLabel } from "../core/labels.js";
import { outbox } from "../outbox/outbox.js";
import { ACCEPTED, shrunk } from "../records/photo_upload.js";

const JUST_NOW_MS = 60000; // an older picture may have been taken elsewhere
const REMEMBERED = 200; // refused photos that were told: as many as an order ever has, and more

/** Keep a photo of an incident until the desk has it. */
const addPhoto = (incidentId, blob, facts) =>
  outbox.put({ kind: "photo", path: `/incidents/${incidentId}/photos`, body: facts, blob, about: { incidentId }, says: _("Photo") });

export class RecordTray {
  /** `place()` is the phone's last fix, {lon, lat}, or null. */
  constructor(crewId, { place }) {
    this.crewId = crewId;
    this.place = place;
    this.bars = new Map();
    this.refusalsKey = `nearcrew-refused-${crewId}`;
    this.refusals = readStored(this.refusalsKey, []);
    this.toldKey = `nearcrew-refused-photos-${crewId}`;
    this.toldIds = readStored(this.toldKey, []);
    this.refused = el("div.record-refused", { role: "alert" });
    /** Which photos the desk will never see, whatever screen is shown. */
    this.status = el("div.record-line", {}, this.refused);
    this.#tellRefusals();
    outbox.listen(({ sent }) => this.#changed(sent));
  }

  /** The button for one order; the same node each time. */
  barFor(order) {
    const { id } = order.incident;
    if (!this.bars.has(id)) {
      this.bars.set(id, this.#bar(id));
      this.#count(id);
    }
    return this.bars.get(id).node;
  }

  /** An event of the stream: what became of a photo after the server had taken it. */
  heard({ kind, crew_id: crewId, incident_id: incidentId, data }) {
    if (crewId !== this.crewId || !["incident.photo_shown", "incident.photo_refused"].includes(kind)) return;
    if (kind === "incident.photo_refused") this.#notShown(incidentId, data.entry_id, data.refusal);
    if (this.bars.has(incidentId)) this.#count(incidentId);
  }

  #bar(incidentId) {
    const input = el("input.off-screen", { type: "file", accept: ACCEPTED, capture: "environment", onchange: () => this.#take(incidentId, input) });
    const bar = { shown: 0, checked: 0, count: el("p.record-count", { role: "status" }) };
    bar.node = el("section.crew-record", { "aria-label": _("Photos") },
      el("label.big.photo-button", {}, input, el("span", {}, _("Add photo"))), bar.count);
    return bar;
  }

  async #take(incidentId, input) {
    for (const file of [...input.files]) {
      const takenMs = byServer(file.lastModified);
      const at = now() - takenMs < JUST_NOW_MS ? this.place() : null;
      const facts = { taken_at: new Date(Math.min(takenMs, now())).toISOString(), ...(at ? { lon: at.lon, lat: at.lat } : {}) };
      addPhoto(incidentId, await shrunk(file), facts);
    }
    input.value = "";
  }

  #changed(sent) {
    for (const id of this.bars.keys()) this.#draw(id);
    if (sent?.kind === "photo" && this.bars.has(sent.about.incidentId)) this.#count(sent.about.incidentId);
  }

  /** A photo that was taken in and then refused; told once, wherever it is heard of first. */
  #notShown(incidentId, photoId, refusal) {
    if (this.toldIds.includes(photoId)) return;
    this.toldIds = [...this.toldIds, photoId].slice(-REMEMBERED);
    writeStored(this.toldKey, this.toldIds);
    this.refusals.push({ incidentId, kind: "photo", why: photoRefusalLabel(refusal), words: "" });
    this.#tellRefusals();
  }

  #tellRefusals() {
    writeStored(this.refusalsKey, this.refusals);
    const seen = () => {
      this.refusals = [];
      this.#tellRefusals();
    };
    const lines = this.refusals.map(({ incidentId, kind, why, words }) => el("p.refused", {},
      kind === "photo"
        ? _("A photo of #%(incident)s was not taken: %(why)s", { incident: incidentId, why })
        : _("A note on #%(incident)s was not taken: %(why)s “%(words)s”", { incident: incidentId, why, words })));
    fill(this.refused, lines, lines.length ? el("button.big", { type: "button", onclick: seen }, _("Acknowledge")) : null);
  }

  /** How many photos of ours the desk sees by now, how many are still checked, and which it never will see. */
  async #count(id) {
    try {
      const { photos } = await get(`/incidents/${id}/photos`);
      const own = photos.filter((photo) => photo.crew_id === this.crewId);
      const bar = this.bars.get(id);
      bar.shown = own.filter(({ state }) => state === "shown").length;
      bar.checked = own.filter(({ state }) => state === "received").length;
      for (const { state, id: photoId, refusal } of own) if (state === "refused") this.#notShown(id, photoId, refusal);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // without signal: what was known stays
    }
    this.#draw(id);
  }

  #draw(id) {
    const bar = this.bars.get(id);
    const waiting = outbox.waiting("photo").filter(({ about }) => about.incidentId === id).length;
    const parts = [];
    if (bar.shown) parts.push(_("Photos at the desk: %(n)s", { n: bar.shown }));
    if (bar.checked) parts.push(_("received, being checked: %(n)s", { n: bar.checked }));
    if (waiting) parts.push(_("photos waiting: %(n)s", { n: waiting }));
    fill(bar.count, parts.join(" · "));
    bar.count.dataset.waiting = String(waiting);
  }
}
