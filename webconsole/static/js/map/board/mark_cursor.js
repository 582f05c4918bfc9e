// The marker board by keyboard and for screen readers: one tab stop, from which the arrow keys go
// from marker to marker as the eye would. Everything is in the lists; this is for those who want to
// know what stands beside what.
import { el } from "../../core/dom.js";
import { _ } from "../../core/i18n.js";
import { openGroup } from "./board_pointer.js";

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class MarkCursor {
  constructor(map, board) {
    this.map = map;
    this.board = board;
    this.entry = null;
    this.words = el("span.mark-cursor-words", { "aria-live": "polite" });
    this.node = el(
      "button.mark-cursor",
      {
        type: "button",
        "aria-description": _("Arrow keys go from marker to marker, Home to the most urgent incident, Enter opens."),
        onclick: (event) => {
          event.stopPropagation(); // it is no click on the map
          this.#open();
        },
        onfocus: () => this.#go(this.#start()),
        onblur: () => this.node.classList.remove("placed"),
        onkeydown: (event) => this.#key(event),
      },
      this.words,
    );
    map.getContainer().append(this.node);
    map.on("moveend zoomend", () => document.activeElement === this.node && this.#go(this.#same()));
    this.#say(null);
  }

  #key(event) {
    const way = WAYS[event.key];
    if (!way && event.key !== "Home") return;
    event.preventDefault();
    event.stopPropagation(); // the same keys move the map when it has the focus
    this.#go(way ? this.#next(way) : this.#mostUrgent());
  }

  #open() {
    if (!this.entry) return;
    if (this.entry.members) openGroup(this.map, this.board, this.entry);
    else this.entry.pick();
  }

  /** What has the focus, as it is drawn now. */
  #same() {
    const { entry } = this;
    const seen = this.board.inView();
    return seen.find((one) => one.entry === entry || (entry?.id !== null && one.entry.kind === entry?.kind && one.entry.id === entry?.id)) ?? this.#start();
  }

  #start() {
    return this.board.inView().find(({ entry }) => entry.isPicked?.()) ?? this.#mostUrgent();
  }

  /** What is drawn last lies on top: that is how urgency is ranked. */
  #mostUrgent() {
    return this.board.inView().at(-1) ?? null;
  }

  /** The nearest in a direction; what lies off to the side counts as farther. */
  #next([dx, dy]) {
    const here = this.#same();
    if (!here) return null;
    let best = null;
    let least = Infinity;
    for (const one of this.board.inView()) {
      const [x, y] = [one.x - here.x, one.y - here.y];
      const ahead = x * dx + y * dy;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (one.entry === here.entry || ahead <= 0) continue;
      if (ahead + 2 * aside < least) {
        least = ahead + 2 * aside;
        best = one;
      }
    }
    return best ?? here;
  }

  #go(found) {
    this.entry = found?.entry ?? null;
    this.#say(found);
    this.node.classList.toggle("placed", found !== null);
    if (!found) return;
    const { reach } = found.entry;
    this.node.style.left = `${found.x + reach.x}px`;
    this.node.style.top = `${found.y + reach.y}px`;
    this.node.style.width = `${2 * reach.r + 8}px`;
    this.node.style.height = `${2 * reach.r + 8}px`;
  }

  #say(found) {
    const words = found ? found.entry.name() : _("Crews and incidents on the map");
    if (this.words.textContent !== words) this.words.textContent = words;
  }
}
