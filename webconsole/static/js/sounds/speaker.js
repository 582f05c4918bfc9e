// Sound output of one window. Browsers keep a page silent until somebody has touched it; that is
// shown plainly, because a desk that believes it would hear an alarm must be right.
import { preferences } from "../core/preferences.js";
import { play } from "./synthesis.js";

const listeners = new Set();
let context = null;
let last = { name: "", atMs: 0 };
const SAME_MS = 800; // ten incidents at once are one chime, not a chord

function audio() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!context && Context) {
    context = new Context();
    context.onstatechange = () => tell();
  }
  return context;
}

const tell = () => {
  for (const listener of listeners) listener(sounding());
};

/** "ready", "blocked" (nobody has touched this window yet) or "none" (no audio here at all). */
export function sounding() {
  const out = audio();
  if (!out) return "none";
  return out.state === "running" ? "ready" : "blocked";
}

/** Be told when sound becomes possible, or not; returns the function that stops it. */
export function onSounding(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Make the sound chosen for one of the news. Returns its name, "" when it stays silent. */
export function sound(news) {
  const { sounds, volume } = preferences();
  return soundOf(sounds[news] ?? "none", volume);
}

/** Make a sound by its name. */
export function soundOf(name, volume = preferences().volume) {
  const out = audio();
  if (name === "none" || volume <= 0 || out?.state !== "running") return "";
  if (last.name === name && Date.now() - last.atMs < SAME_MS) return "";
  last = { name, atMs: Date.now() };
  play(out, name, volume);
  document.dispatchEvent(new CustomEvent("sounded", { detail: name }));
  return name;
}

/** Sound needs a touch first: any will do. */
export function awaitTouch() {
  const touched = async () => {
    await audio()?.resume?.();
    tell();
  };
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, touched, { capture: true, passive: true });
  tell();
}
