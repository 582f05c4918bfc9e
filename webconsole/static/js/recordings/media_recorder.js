// One recording of camera or microphone, of limited length. What a browser records differs: WebM, or
// MP4 on phones of Apple; the server takes both.
import { boot } from "../core/boot.js";
import { now } from "../core/clock.js";

// A small picture: half a minute is some four megabytes, and goes up by a weak signal.
const WANTED = {
  video: {
    tracks: { audio: true, video: { facingMode: "environment", width: { ideal: 960 }, height: { ideal: 540 }, frameRate: { ideal: 24 } } },
    types: ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"],
    rates: { videoBitsPerSecond: 1_000_000, audioBitsPerSecond: 48_000 },
  },
  audio: {
    tracks: { audio: true },
    types: ["audio/webm;codecs=opus", "audio/webm", "audio/mp4", "audio/ogg;codecs=opus"],
    rates: { audioBitsPerSecond: 32_000 },
  },
};
const PIECE_MS = 1000;

/** Whether this page may record at all: not on plain http. */
export const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

export class Recording {
  /** Ask for camera and microphone, and begin. Rejects with the browser's error when it may not. */
  static async begin(kind, { ended }) {
    const wanted = WANTED[kind];
    const stream = await navigator.mediaDevices.getUserMedia(wanted.tracks);
    return new Recording(kind, stream, wanted, ended);
  }

  constructor(kind, stream, { types, rates }, ended) {
    Object.assign(this, { kind, stream, ended });
    this.longestS = boot.limits.recording_s[kind];
    this.startedAt = new Date(now()).toISOString();
    this.startedMs = performance.now();
    this.pieces = [];
    const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(stream, { ...rates, ...(mimeType ? { mimeType } : {}) });
    this.recorder.ondataavailable = ({ data }) => data.size && this.pieces.push(data);
    // Also when the system takes the microphone away, as for a call: what there is counts.
    this.recorder.onstop = () => this.#finish();
    this.recorder.start(PIECE_MS);
    this.limit = setTimeout(() => this.stop(), this.longestS * 1000);
  }

  get elapsedS() {
    return Math.min(this.longestS, (performance.now() - this.startedMs) / 1000);
  }

  /** End it; `ended(blob, facts)` is called with what was recorded. */
  stop() {
    this.durationS = this.elapsedS;
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  /** End it, and forget what was recorded. */
  discard() {
    this.ended = () => {};
    this.stop();
  }

  #finish() {
    clearTimeout(this.limit);
    for (const track of this.stream.getTracks()) track.stop();
    const duration_s = Math.round((this.durationS ?? this.elapsedS) * 10) / 10;
    const blob = new Blob(this.pieces, { type: this.recorder.mimeType });
    this.ended(blob, { kind: this.kind, recorded_at: this.startedAt, duration_s });
  }
}
