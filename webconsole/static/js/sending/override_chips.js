// Why another crew than the recommended one: asked right after sending, answered by one key, and by
// nobody who has no time.
import { get, newKey, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { duration } from "../core/format.js";
import { _, isChinese } from "../core/i18n.js";
import { on, state } from "../core/store.js";
import { attempt } from "../incidents/attempt.js";
import { showDialog } from "../widgets/dialog.js";
import { noteToast } from "../widgets/toasts.js";

const ASKED_S = 20;
const TYPED = "input, textarea, select, [contenteditable=true]";
let reasons = null;

async function learnReasons() {
  reasons ??= (await get("/override-reasons").catch(() => ({ reasons: null }))).reasons;
  return reasons ?? [];
}

const nameOf = (reason) => (isChinese() ? reason.name_zh : reason.name_en);
const arrivalS = ({ free_in_s, travel_time_s }) => (travel_time_s === null ? Infinity : (free_in_s ?? 0) + travel_time_s);

/** The crew that was recommended instead, and by how much sooner: {name, costS}; null where it was followed. */
export function overriddenBy(candidates, crewId, { interrupted = false } = {}) {
  const best = candidates?.find(({ verdict }) => verdict === "recommended");
  if (!best || best.crew_id === crewId) return null;
  const chosen = candidates.find((each) => each.crew_id === crewId);
  const chosenS = (each) => (interrupted && each.interrupt ? each.interrupt.travel_time_s : arrivalS(each));
  const costS = chosen ? chosenS(chosen) - arrivalS(best) : Infinity;
  return { name: best.crew_name, costS: Number.isFinite(costS) ? costS : null };
}

const say = (assignment, reason, words = "") =>
  attempt(() => put(`/assignments/${assignment.id}/override-reason`, { code: reason.code, client_id: newKey(), ...(words ? { words } : {}) }), () => {});

function askWords(assignment, reason) {
  const input = el("input", { id: "override-words", required: true, maxlength: boot.limits.reason, autocomplete: "off" });
  const form = el("form", { onsubmit: (event) => {
    event.preventDefault();
    close();
    say(assignment, reason, input.value.trim());
  } }, el("label", { for: "override-words" }, _("Why this crew?")), input, el("div.form-actions", {}, el("button.primary", { type: "submit" }, _("Note it"))));
  const { close } = showDialog("ask-dialog", { title: _("Why this crew?"), body: form });
  input.focus();
}

const choose = (assignment, reason) => (reason.code === "other" ? askWords(assignment, reason) : say(assignment, reason));

async function ask({ assignment, crewId, incidentId, interrupted }) {
  // The list as it was when the button was pressed; the next one is already on its way.
  const override = assignment && state.selection.id === incidentId ? overriddenBy(state.candidates?.candidates, crewId, { interrupted }) : null;
  if (!override) return;
  const list = await learnReasons();
  if (!list.length) return;
  const sooner = override.costS > 0 ? _("%(crew)s would have been there %(time)s sooner. Why not?", { crew: override.name, time: duration(override.costS) }) : _("%(crew)s was recommended. Why not?", { crew: override.name });
  const stop = () => window.removeEventListener("keydown", pressed, true);
  const act = (reason) => {
    stop();
    close();
    choose(assignment, reason);
  };
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPED)) return;
    const reason = list[Number(event.key) - 1];
    if (!reason || !document.getElementById("toasts").querySelector(".override-ask")) return stop();
    event.preventDefault();
    event.stopPropagation();
    return act(reason);
  };
  const close = noteToast(el("span.override-ask", {}, sooner), { seconds: ASKED_S, choices: list.map((reason, index) => ({ label: `${index + 1} ${nameOf(reason)}`, act: () => act(reason) })) });
  window.addEventListener("keydown", pressed, true);
  setTimeout(stop, ASKED_S * 2000);
}

on("sent", ask);
