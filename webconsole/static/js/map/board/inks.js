// Drawing colours, read from the style sheets: there is one palette, and it is CSS.
import { el } from "../../core/dom.js";
import { CREW_SHAPES } from "./shapes.js";

const INCIDENTS = ["open", "offered", "accepted", "assigned", "en_route", "on_scene", "due_later", "made_safe", "resolved", "closed"];
const PRIORITIES = [1, 2, 3, 4];
const PLAIN = ["panel", "raised", "ink", "ink-2", "accent", "alarm", "alarm-bg", "alarm-ink", "line-strong", "s-outline", "s-orange", "s-grey"];

/** What day or night style says now: {panel, ink, …, crew: {state: colour}, incident: {state: {fill, ink}}, priority: {1: {fill, ink, rim}}, font}. */
export function readInks() {
  const root = getComputedStyle(document.documentElement);
  const inks = { crew: {}, incident: {}, priority: {}, font: root.getPropertyValue("--font").trim() || "sans-serif" };
  for (const name of PLAIN) inks[name] = root.getPropertyValue(`--${name}`).trim();
  const probe = el("span", { hidden: true });
  document.body.append(probe);
  const look = getComputedStyle(probe);
  for (const state of Object.keys(CREW_SHAPES)) {
    probe.className = `s-${state}`;
    inks.crew[state] = look.fill;
  }
  for (const state of INCIDENTS) {
    probe.className = `i-${state}`;
    inks.incident[state] = { fill: look.getPropertyValue("--i-fill").trim(), ink: look.getPropertyValue("--i-ink").trim() };
  }
  for (const priority of PRIORITIES) {
    probe.className = `p-${priority}`;
    const [fill, ink, rim] = ["fill", "ink", "rim"].map((part) => look.getPropertyValue(`--p-${part}`).trim());
    inks.priority[priority] = { fill, ink, rim };
  }
  probe.remove();
  return inks;
}
