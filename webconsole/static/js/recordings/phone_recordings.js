// Video and sound on the crew's page: two large buttons on scene, a screen while it records. What was
// recorded is kept at once, and waits for a signal like everything that the phone tells.
import { ApiError, get } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { emit } from "../core/store.js";
import { outbox } from "../outbox/outbox.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { Recording, canRecord } from "./media_recorder.js";

const KINDS = ["video", "audio"];
const TICK_MS = 250;
const SAYS = { video: () => _("Video"), audio: () => _("Sound") };
const BUTTON = { video: () => _("Record video"), audio: () => _("Record sound") };
const RECORDS = { video: () => _("Recording video"), audio: () => _("Recording sound") };

/** Keep a recording of an incident until the desk has it. */
const addRecording = (order, blob, facts) =>
  outbox.put({
    kind: facts.kind,
    path: `/incidents/${order.incident.id}/recordings`,
    body: facts,
    blob,
    field: "recording",
    about: { orderId: order.id, incidentId: order.incident.id },
    says: SAYS[facts.kind](),
  });

/** Why the browser gave neither camera nor microphone. */
function whyNot({ name }) {
  if (name === "NotAllowedError") return _("This page may not use camera and microphone. Allow it in the browser's settings.");
  if (name === "NotFoundError") return _("This phone has no camera or microphone that can be used.");
  return _("Camera or microphone cannot be used now. Another app may have them.");
}

class PhoneRecordings {
  constructor(crewId, { place }) {
    Object.assign(this, { crewId, place });
    this.bars = new Map();
    this.open = null;
    outbox.listen(({ sent }) => {
      if (KINDS.includes(sent?.kind)) this.#count(sent.about.incidentId);
      for (const id of this.bars.keys()) this.#draw(id);
    });
  }

  barFor(order) {
    const { id } = order.incident;
    if (!this.bars.has(id)) {
      this.bars.set(id, this.#bar(order));
      this.#count(id);
    }
    return this.bars.get(id).node;
  }

  get screen() {
    return this.open && { key: `recording ${this.open.number}`, node: () => this.open.node };
  }

  #bar(order) {
    const bar = { atDesk: 0, count: el("p.record-count", { role: "status" }), refused: el("p.refused", { role: "alert", hidden: true }) };
    const buttons = KINDS.map((kind) => el("button.big", { type: "button", data: { record: kind }, onclick: () => this.#begin(order, kind, bar) }, BUTTON[kind]()));
    bar.node = el("section.crew-record.recordings", { "aria-label": _("Video and sound") },
      canRecord() ? el("div.pair", {}, buttons) : el("p.told", {}, _("Video and sound can be recorded over https only.")),
      bar.refused, bar.count);
    return bar;
  }

  async #begin(order, kind, bar) {
    if (this.open || this.asking) return;
    bar.refused.hidden = true;
    this.asking = true;
    try {
      const ended = (blob, facts) => {
        this.#close();
        const at = this.place();
        if (blob.size) addRecording(order, blob, { ...facts, ...(at ? { lon: at.lon, lat: at.lat } : {}) });
      };
      this.#show(await Recording.begin(kind, { ended }));
    } catch (error) {
      text(bar.refused, whyNot(error));
      bar.refused.hidden = false;
    } finally {
      this.asking = false;
    }
  }

  #show(recording) {
    const { kind, stream, longestS } = recording;
    const left = el("time.huge");
    const preview = kind === "video" ? el("video.preview", { muted: true, autoplay: true, playsinline: true }) : null;
    if (preview) Object.assign(preview, { muted: true, srcObject: stream });
    const discard = () => {
      recording.discard();
      this.#close();
    };
    const node = el("div.screen.recording-screen", {},
      el("div.middle", {}, el("h2.title", {}, RECORDS[kind]()), preview, left),
      el("div.actions", {},
        el("button.big.go", { type: "button", onclick: () => recording.stop() }, _("Stop and keep")),
        el("button.big.plain", { type: "button", onclick: discard }, _("Discard"))));
    const tick = () => text(left, timer(longestS - recording.elapsedS));
    tick();
    this.open = { number: (this.number = (this.number ?? 0) + 1), node, ticking: setInterval(tick, TICK_MS) };
    emit("crew-part");
  }

  #close() {
    clearInterval(this.open?.ticking);
    this.open = null;
    emit("crew-part");
  }

  async #count(id) {
    const bar = this.bars.get(id);
    if (!bar) return;
    try {
      const { recordings } = await get(`/incidents/${id}/recordings`);
      bar.atDesk = recordings.filter((each) => each.crew_id === this.crewId).length;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // without signal: what was known stays
    }
    this.#draw(id);
  }

  #draw(id) {
    const { count, atDesk } = this.bars.get(id);
    const waiting = outbox.waiting(...KINDS).filter(({ about }) => about.incidentId === id).length;
    const words = [];
    if (atDesk) words.push(_("Recordings at the desk: %(n)s", { n: atDesk }));
    if (waiting) words.push(_("recordings waiting: %(n)s", { n: waiting }));
    fill(count, words.join(" · "));
    count.dataset.waiting = String(waiting);
  }
}

/** Bring video and sound to the crew's page; `place()` is the phone's last fix, or null. */
export function bringRecordings(crewId, places) {
  const recordings = new PhoneRecordings(crewId, places);
  addCrewPart({
    id: "recordings",
    order: 70,
    screen: () => recordings.screen,
    lines: (order) => (order.state === "on_scene" ? [recordings.barFor(order)] : []),
  });
}
