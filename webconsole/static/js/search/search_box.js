// The search box: an ARIA combobox with a list. The focus stays in the field, the arrow keys move
// through the list, Enter goes there.
import { boot } from "../core/boot.js";
import { ApiError } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { distance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { resultDetail, resultIcon, resultTitle } from "./result_labels.js";
import { addFindCommand, choose, find, hasGround } from "./search.js";

const PAUSE_MS = 130; // between keys; a word typed in a row is asked for once

export class SearchBox {
  /** `centre()` is where the map is looked at: of equals the nearest comes first. */
  constructor(node, { centre }) {
    this.centre = centre;
    this.results = [];
    this.at = -1;
    this.asking = null;
    this.input = el("input", {
      type: "search", id: "search-input", role: "combobox", "aria-expanded": "false", "aria-controls": "search-results", "aria-autocomplete": "list",
      "aria-label": _("Find a place, an address, a crew or an incident"), placeholder: _("Find an address, place, crew, #incident"), maxlength: boot.limits.search,
      autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "search",
    });
    this.list = el("ul.search-results", { id: "search-results", role: "listbox", "aria-label": _("Found") });
    this.said = el("p.search-said", { role: "status" });
    this.again = el("button.secondary.small", { type: "button", hidden: true, onclick: () => this.#ask(true) }, _("Try again"));
    this.drop = el("div.search-drop", { hidden: true }, this.list, el("div.search-foot", {}, this.said, this.again));
    this.node = node;
    node.setAttribute("role", "search");
    fill(node, el("span.search-sign", { "aria-hidden": "true" }), this.input, this.drop);
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("focus", () => this.#reopen());
    node.addEventListener("focusout", (event) => !node.contains(event.relatedTarget) && this.#fold());
    addFindCommand({ centre, focus: () => this.focus() });
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  #typed() {
    clearTimeout(this.soon);
    this.soon = null;
    this.asking?.abort(); // what was asked before is of no interest any more
    this.asking = null;
    this.node.removeAttribute("aria-busy");
    if (!this.input.value.trim()) {
      this.#show([]);
      this.#fold();
      return;
    }
    this.soon = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask(again = false) {
    if (again) this.input.focus();
    this.soon = null;
    const words = this.input.value.trim();
    if (!words) return;
    const asking = new AbortController();
    this.asking = asking;
    this.node.setAttribute("aria-busy", "true");
    try {
      const results = await find(words, this.centre(), { signal: asking.signal });
      if (this.asking !== asking) return;
      this.#show(results);
      this.#say(results.length ? "" : this.#nothing(words));
    } catch (error) {
      if (this.asking !== asking) return;
      if (!(error instanceof ApiError)) throw error;
      this.#show([]);
      this.#say(error.message, { failed: true });
    } finally {
      if (this.asking === asking) {
        this.asking = null;
        this.node.removeAttribute("aria-busy");
      }
    }
  }

  #nothing(words) {
    if (!hasGround()) return _("No map has been imported yet: only crews, incidents and coordinates can be found.");
    return _("Nothing found for “%(words)s”.", { words });
  }

  #show(results) {
    this.results = results;
    fill(this.list, results.map((result, index) => this.#row(result, index)));
    this.list.hidden = results.length === 0;
    this.#open(results.length > 0);
    this.#mark(results.length ? 0 : -1);
  }

  #row(result, index) {
    return el(
      "li",
      {
        role: "option", id: `search-result-${index}`, "aria-selected": "false", data: { kind: result.kind },
        onpointerdown: (event) => event.preventDefault(), // the focus stays in the field
        onpointermove: () => this.at !== index && this.#mark(index),
        onclick: () => this.#choose(index),
      },
      resultIcon(result.kind),
      el("span.search-name", {}, resultTitle(result), result.called ? el("span.search-called", {}, ` ${result.called}`) : null),
      el("span.search-away", {}, result.distance_m === null ? "" : distance(result.distance_m)),
      el("span.search-detail", {}, resultDetail(result)),
    );
  }

  #say(words, { failed = false } = {}) {
    text(this.said, words);
    this.said.classList.toggle("wrong", failed);
    this.again.hidden = !failed;
    this.drop.hidden = !words && !this.results.length;
  }

  #open(open) {
    this.drop.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  #fold() {
    this.#open(false);
    this.input.removeAttribute("aria-activedescendant");
  }

  #reopen() {
    if (!this.results.length || !this.input.value.trim()) return;
    this.#open(true);
    this.#mark(this.at);
  }

  #mark(index) {
    this.at = index;
    [...this.list.children].forEach((row, each) => row.setAttribute("aria-selected", String(each === index)));
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else {
      this.input.setAttribute("aria-activedescendant", `search-result-${index}`);
      this.list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return; // the keys of a Chinese word being typed
    const many = this.results.length;
    const shown = !this.drop.hidden && many > 0;
    if (event.key === "ArrowDown" && many) {
      if (shown) this.#mark((this.at + 1) % many);
      else this.#reopen();
    } else if (event.key === "ArrowUp" && shown) this.#mark((this.at - 1 + many) % many);
    else if (event.key === "Enter") this.#enter(shown);
    else if (event.key === "Escape") this.#leave();
    else return;
    event.preventDefault();
  }

  /** What was typed last counts: results of a shorter text are not gone to. */
  async #enter(shown) {
    if (this.soon || this.asking) {
      clearTimeout(this.soon);
      this.asking?.abort();
      await this.#ask();
    }
    if (this.results.length && (shown || !this.drop.hidden)) this.#choose(Math.max(0, this.at));
  }

  /** First the list goes, then the words, then the field. */
  #leave() {
    if (!this.drop.hidden) this.#fold();
    else if (this.input.value) {
      this.input.value = "";
      this.#typed();
    } else this.input.blur();
  }

  #choose(index) {
    const result = this.results[index];
    this.#fold();
    if (result.kind === "crew" || result.kind === "incident") this.input.blur();
    choose(result);
  }
}
