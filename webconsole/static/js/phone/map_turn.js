// Turns the map of the path so that ahead is up, if the crew wants that: one button, remembered on this
// phone. The ground is made large enough that no corner stays empty at any angle.
import { readStored, writeStored } from "../core/browser_storage.js";
import { el, svg } from "../core/dom.js";
import { _ } from "../core/i18n.js";

const KEY = "nearcrew-heading-up";

export class MapTurn {
  /** `box` shows a part of the ground inside it. */
  constructor(box) {
    this.box = box;
    this.wanted = readStored(KEY, false) === true;
    this.driving = false;
    /** Degrees, not brought back to 0–360: from 350 on to 370 it turns by 20 and not by 340. */
    this.degrees = 0;
    this.needle = svg("g", {}, svg("path", { class: "north", d: "M16 3l6 13H10z" }), svg("path", { d: "M16 29l6-13H10z" }));
    this.button = el("button.turn-map", { type: "button", "aria-label": _("Turn the map with the way ahead"), title: _("Turn the map with the way ahead"), onclick: () => this.#toggle() },
      svg("svg", { viewBox: "0 0 32 32", "aria-hidden": "true" }, this.needle));
    box.append(this.button);
    new ResizeObserver(() => this.#measure()).observe(box);
    this.#apply();
  }

  #toggle() {
    this.wanted = !this.wanted;
    writeStored(KEY, this.wanted);
    this.#apply();
  }

  #measure() {
    const { clientWidth: width, clientHeight: height } = this.box;
    this.box.style.setProperty("--side", `${Math.ceil(Math.hypot(width, height))}px`);
  }

  /** `heading` in degrees from north, undefined while it stands or nobody knows. */
  draw({ heading, driving }) {
    this.driving = driving;
    if (heading !== undefined) this.degrees += ((heading - this.degrees + 540) % 360 + 360) % 360 - 180;
    this.#apply();
  }

  #apply() {
    const turned = this.wanted && this.driving;
    this.button.setAttribute("aria-pressed", String(this.wanted));
    this.box.classList.toggle("turned", turned);
    this.box.style.setProperty("--turn", `${turned ? this.degrees : 0}deg`);
    this.needle.setAttribute("transform", `rotate(${turned ? -this.degrees : 0} 16 16)`);
  }
}
