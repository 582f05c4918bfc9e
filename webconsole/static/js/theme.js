// Day, night or as the system says. A plain script, loaded before the first paint:
// a module would run after it, and a night desk would flash white at every reload.
(() => {
  const KEY = "nearcrew-theme";
  const ORDER = ["auto", "light", "dark"];
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const read = () => {
    try {
      const kept = localStorage.getItem(KEY);
      return ORDER.includes(kept) ? kept : "auto";
    } catch {
      return "auto"; // storage may be forbidden; the system's choice still works
    }
  };

  let choice = read();

  const apply = () => {
    const dark = choice === "dark" || (choice === "auto" && system.matches);
    const root = document.documentElement;
    root.dataset.theme = dark ? "dark" : "light";
    root.dataset.themeChoice = choice;
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.title = button.dataset[choice] ?? "";
    }
    document.dispatchEvent(new CustomEvent("themechange", { detail: { dark } }));
  };

  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-switch]")) return;
    choice = ORDER[(ORDER.indexOf(choice) + 1) % ORDER.length];
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // not kept; holds until the page is left
    }
    apply();
  });
  apply();
})();
