// A section that folds, and stays as this browser last left it.
import { readStored, writeStored } from "../core/browser_storage.js";
import { el, text } from "../core/dom.js";

const KEPT = "nearcrew-sections";
let made = 0;

export class Fold {
  /**
   * `onOpen` is called when the section is opened, at first too if it begins open. `kept`: whether
   * this browser remembers how it was left.
   */
  constructor({ id, title, open = true, kept = true, onOpen = () => {} }) {
    made += 1;
    this.id = id;
    this.onOpen = onOpen;
    this.kept = kept;
    this.count = el("span.n");
    this.aside = el("span.status");
    this.body = el("div.fold-body", { id: `fold-${id}-${made}` });
    this.button = el("button.fold-head", { type: "button", "aria-controls": this.body.id, onclick: () => this.set(!this.open) }, el("span", {}, title), this.count);
    this.node = el("section.fold-section", { data: { section: id } }, el("div.section-head", {}, el("h3", {}, this.button), this.aside), this.body);
    this.open = (kept ? readStored(KEPT, {})[id] : null) ?? open;
    this.#show();
  }

  set(open) {
    this.open = open;
    if (this.kept) writeStored(KEPT, { ...readStored(KEPT, {}), [this.id]: open });
    this.#show();
  }

  say(count) {
    text(this.count, count === null || count === undefined ? "" : String(count));
  }

  #show() {
    this.button.setAttribute("aria-expanded", String(this.open));
    this.body.hidden = !this.open;
    if (this.open) this.onOpen();
  }
}
