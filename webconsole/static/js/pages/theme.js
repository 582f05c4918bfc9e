// Colour scheme (day, night, by the clock or by the system), density, and which part of the console
// this window shows. A plain script, loaded before the first paint: a module would run after it, and
// a night desk would flash white at every reload.
(() => {
  const KEY = "nearcrew-theme";
  const HOURS = "nearcrew-daylight";
  const PREFERENCES = "nearcrew-preferences";
  const ORDER = ["auto", "light", "dark", "clock"];
  const DAYLIGHT = "06:30-18:30";
  const GROUND = { light: "#e8ebee", dark: "#0b0f13" }; // --bg of base.css, before that is there
  const LOOK_MS = 20000;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be forbidden; the system's choice still works
    }
  };

  let choice = "auto";
  let shown = "";

  const minutes = (time) => {
    const [hours, rest] = time.split(":").map(Number);
    return hours * 60 + rest;
  };

  /** Whether this device's clock says night; the day may go over midnight for whoever wants that. */
  const night = () => {
    const hours = kept(HOURS);
    const [from, until] = (/^\d\d:\d\d-\d\d:\d\d$/.test(hours ?? "") ? hours : DAYLIGHT).split("-").map(minutes);
    const at = new Date().getHours() * 60 + new Date().getMinutes();
    return from <= until ? at < from || at >= until : at < from && at >= until;
  };

  const apply = () => {
    const wanted = kept(KEY);
    if (wanted !== null || choice === "auto") choice = ORDER.includes(wanted) ? wanted : "auto";
    const dark = choice === "dark" || (choice === "auto" && system.matches) || (choice === "clock" && night());
    root.dataset.theme = dark ? "dark" : "light";
    root.dataset.themeChoice = choice;
    root.style.colorScheme = root.dataset.theme;
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) meta.content = GROUND[root.dataset.theme];
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.title = button.dataset[choice] ?? "";
    }
    const look = `${choice} ${dark}`;
    if (look === shown) return;
    shown = look;
    document.dispatchEvent(new CustomEvent("themechange", { detail: { dark, choice } }));
  };

  const density = () => {
    try {
      root.dataset.density = JSON.parse(kept(PREFERENCES) ?? "{}").density === "dense" ? "dense" : "calm";
    } catch {
      root.dataset.density = "calm";
    }
  };

  const choose = (wanted) => {
    choice = wanted;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // not kept; holds until the page is left
    }
    apply();
  };

  const view = new URLSearchParams(window.location.search).get("view");
  root.dataset.view = view === "map" || view === "queue" ? view : "all";
  density();
  apply();
  // Until the style sheet is there the browser paints its own white: not at night.
  root.style.backgroundColor = GROUND[root.dataset.theme];
  window.addEventListener("load", () => root.style.removeProperty("background-color"));

  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    shown = "";
    apply();
  });
  setInterval(apply, LOOK_MS); // dusk, also after the machine slept over it
  document.addEventListener("visibilitychange", apply);
  document.addEventListener("themechoose", ({ detail }) => choose(detail));
  window.addEventListener("storage", ({ key }) => {
    if (key === PREFERENCES || key === null) density();
    if (key === KEY || key === HOURS || key === null) apply();
  });
  document.addEventListener("preferenceschange", () => {
    density();
    apply();
  });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-switch]")) return;
    choose(ORDER[(ORDER.indexOf(choice) + 1) % ORDER.length]);
  });
})();
