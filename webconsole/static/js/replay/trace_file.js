// A simulated period from a file of one's own (`nearcrew study simulate --trace`). It is read here,
// in the browser, and goes nowhere.
import { el, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";

const FORMAT = "nearcrew-replay-1";
const LARGEST = 100 * 1024 * 1024;
const LISTS = ["incidents", "crews", "events", "decisions", "photos"];

/** What is wrong with a file; null if it is a trace that can be played. */
export function faultOf(told) {
  if (told?.format !== FORMAT) return _("This is no trace of a simulation.");
  const { replay } = told;
  const whole = replay?.about && LISTS.every((name) => Array.isArray(replay[name])) && Date.parse(replay.to) > Date.parse(replay.from);
  return whole ? null : _("The trace is not complete.");
}

/** A form that asks for a file; `opened` is called with what a trace tells. */
export function traceForm(opened) {
  const said = el("p.form-error", { role: "alert" });
  async function open(file) {
    if (!file) return;
    text(said, "");
    let told = null;
    if (file.size <= LARGEST) {
      try {
        told = JSON.parse(await file.text());
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    const fault = faultOf(told);
    if (fault) text(said, fault);
    else opened(told);
  }
  const input = el("input", { type: "file", accept: ".json,application/json", onchange: () => open(input.files[0]) });
  return el("form.trace-form", {},
    el("label", {}, el("span", {}, _("Trace of a simulation")), input),
    el("p.why", {}, _("A file that was written with --trace. It is played in this browser and sent nowhere.")),
    said);
}
