// Keeps the windows of one browser and account in step: selection, draft pin, radius, the crew under
// the pointer. The map on one screen, the queue on another: one desk.
import { newKey } from "../core/api.js";
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";
import * as store from "../core/store.js";
import { noteToast } from "../widgets/toasts.js";
import { hold, whenGone } from "./window_locks.js";
import { hasLists, hasMap, view } from "./window_view.js";

const { on, select, state } = store;
const CHANNEL = `nearcrew desk ${boot.username}`;
const BEAT_MS = 20000;
const GONE_MS = 90000; // a hidden window's timers run once a minute
const SHARED = new Set([null, "incident", "crew"]);
const REPORT_FORMS = new Set(["pin", "edit"]);
const MAP_FORMS = new Set(["closing", "zone"]); // filled in by drawing

const id = newKey();
const lockOf = (window) => `nearcrew desk window ${window}`;
const others = new Map();
let channel = null;
let held = false; // of our own lock: nobody may hear of us before
let known = "";
let focusedAt = Date.now();
const listeners = new Map();

/** The other windows of this desk: {id, view, visible, focusedAt}. */
export const otherWindows = () => [...others.values()].filter((each) => Date.now() - each.atMs < GONE_MS);

/** Whether somebody can see any window of this desk now. */
export const anyVisible = () => document.visibilityState === "visible" || otherWindows().some((each) => each.visible);

/** Post a message to the other windows; they get it by `onWindowMessage`. */
export const postToWindows = (kind, body = {}) => post({ kind, ...body });

/** Call `listener` with each message of a kind that another window posts. */
export const onWindowMessage = (kind, listener) => listeners.set(kind, listener);

function post(message) {
  channel?.postMessage({ ...message, from: id });
}

const lists = () => otherWindows().filter((each) => each.view !== "map").sort((a, b) => b.focusedAt - a.focusedAt);

/** Whether this window shows the right panel for what is chosen. */
function sideShown() {
  const { kind } = state.selection;
  if (hasLists) return true;
  return kind !== null && (!lists().length || !(SHARED.has(kind) || REPORT_FORMS.has(kind)));
}

function present(kind) {
  if (held) post({ kind, view, visible: document.visibilityState === "visible", focusedAt });
}

const here = () => present("here");

function snapshot() {
  const { selection, radiusM, hoverCrewId, compareCrewId = null, followingCrewId = null, draft } = state;
  const shared = SHARED.has(selection.kind) ? { ...selection } : undefined;
  return { selection: shared, draft, radiusM, hoverCrewId, compareCrewId, followingCrewId };
}

function tellStep() {
  const now = snapshot();
  const look = JSON.stringify(now);
  if (look === known) return;
  known = look;
  post({ kind: "step", step: now });
}

function takeStep(step) {
  const busy = (REPORT_FORMS.has(state.selection.kind) || MAP_FORMS.has(state.selection.kind)) && sideShown();
  if (step.selection && !busy) {
    const { kind, id: chosen } = state.selection;
    if (kind !== step.selection.kind || chosen !== step.selection.id) select(step.selection.kind, step.selection.id);
  }
  if (!busy && JSON.stringify(state.draft) !== JSON.stringify(step.draft)) store.setDraft(step.draft);
  if (busy && step.draft && state.draft) store.setDraft(step.draft);
  if (state.radiusM !== step.radiusM) store.setRadius(step.radiusM);
  store.hoverCrew(step.hoverCrewId);
  store.compareCrew?.(step.compareCrewId);
  store.followCrew?.(step.followingCrewId);
  known = JSON.stringify(snapshot());
  showSide();
}

function showSide() {
  document.body.classList.toggle("with-side", sideShown());
}

/** A form is filled in where there is room for it: reports beside the lists, drawings on the map. */
function handOver() {
  const { kind } = state.selection;
  if (!hasLists && REPORT_FORMS.has(kind)) {
    const [first] = lists();
    if (first) post({ kind: "form", to: first.id, selection: state.selection, draft: state.draft });
  } else if (!hasMap && MAP_FORMS.has(kind)) {
    const map = otherWindows().find((each) => each.view !== "queue");
    if (map) post({ kind: "form", to: map.id, selection: state.selection, draft: null });
    noteToast(map ? _("Draw it in the window with the map.") : _("That is drawn on the map: open the map in a window of its own."));
    select(null);
  }
}

function gone(window) {
  others.delete(window);
  showSide();
}

function take({ data }) {
  const { kind, from, to } = data;
  if (to && to !== id) return;
  if (kind === "here" || kind === "hello") {
    if (!others.has(from)) whenGone(lockOf(from), () => gone(from));
    others.set(from, { id: from, view: data.view, visible: data.visible, focusedAt: data.focusedAt, atMs: Date.now() });
    showSide();
    if (kind === "hello") {
      here();
      if (state.selection.kind !== null) post({ kind: "step", step: snapshot(), to: from });
    }
  } else if (kind === "bye") gone(from);
  else if (kind === "step") takeStep(data.step);
  else if (kind === "form") {
    select(data.selection.kind, data.selection.id);
    if (data.draft) store.setDraft(data.draft);
  } else listeners.get(kind)?.(data);
}

/** Begin to stay in step. Without the means for it, every window is its own desk. */
export function keepInStep() {
  if (typeof BroadcastChannel !== "function") {
    showSide();
    return;
  }
  channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = take;
  known = JSON.stringify(snapshot());
  hold(lockOf(id)).then(() => {
    held = true;
    present("hello");
  });
  for (const topic of ["selection", "draft", "radius", "hover", "compare", "following"]) on(topic, tellStep);
  on("selection", () => {
    showSide();
    handOver();
  });
  window.addEventListener("focus", () => {
    focusedAt = Date.now();
    here();
  });
  document.addEventListener("visibilitychange", here);
  window.addEventListener("pagehide", () => post({ kind: "bye" }));
  window.addEventListener("pageshow", (event) => event.persisted && here());
  setInterval(here, BEAT_MS);
  showSide();
}
