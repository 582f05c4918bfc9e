// Address field of the pin form: suggests the address at the pin, only while nobody has typed
// anything.
import { ApiError, get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill } from "../core/dom.js";
import { distance } from "../core/format.js";
import { _ } from "../core/i18n.js";

const PAUSE_MS = 250; // while the pin is being dragged
const WORTH_SAYING_M = 30;

export class AddressSuggestion {
  /** `input` is the field; `node` goes under it. */
  constructor(input) {
    this.input = input;
    this.suggested = null; // what stands in the field because we put it there
    this.last = "";
    this.node = el("p.suggestion", { id: `${input.id}-suggestion`, role: "status" });
    input.setAttribute("aria-describedby", this.node.id);
    input.addEventListener("input", () => this.#written());
  }

  close() {
    clearTimeout(this.soon);
    this.asking?.abort();
    this.closed = true;
  }

  /**
   * The pin is here now: {lon, lat}, with `address` where it is known already, `doubt` in words if it
   * is not sure, and `chosen` if somebody picked this very address for the pin.
   */
  follow(place) {
    const key = `${place.lon} ${place.lat} ${place.address ?? ""}`;
    if (key === this.last || !boot.ground_id) return;
    const first = !this.last;
    this.last = key;
    clearTimeout(this.soon);
    this.asking?.abort();
    if (place.address && place.chosen) {
      this.#take(place.address, place.doubt);
      return;
    }
    if (place.address) {
      this.#suggest({ label: place.address, distance_m: 0, doubt: place.doubt });
      return;
    }
    this.soon = setTimeout(() => this.#ask(place), first ? 0 : PAUSE_MS);
  }

  async #ask({ lon, lat }) {
    const asking = new AbortController();
    this.asking = asking;
    try {
      const found = await get(`/addresses/nearest?lon=${lon}&lat=${lat}`, { signal: asking.signal });
      if (this.asking === asking && !this.closed) this.#suggest(found);
    } catch (error) {
      // A suggestion that does not come is not missed: the field is there to be written in.
      if (!(error instanceof ApiError) && !asking.signal.aborted) throw error;
    }
  }

  /** Whether what stands in the field is somebody's own. */
  get #isWritten() {
    const { value } = this.input;
    return value.trim() !== "" && value !== this.suggested;
  }

  /** Whoever picks an address for the pin means it; what stood there can be had back. */
  #take(address, doubt) {
    const before = this.input.value;
    const wasWritten = this.#isWritten && before !== address;
    this.suggested = address;
    this.input.value = address;
    const back = () => {
      this.input.value = before;
      this.#written();
      this.input.focus();
    };
    fill(this.node, doubt || _("Address at the pin"), " ",
      wasWritten ? el("button.quiet.small", { type: "button", onclick: back }, _("Back to “%(address)s”", { address: before })) : null);
    this.input.focus();
  }

  #suggest({ label, distance_m: awayM, doubt }) {
    if (this.#isWritten) {
      this.#offer(label);
      return;
    }
    this.suggested = label;
    this.input.value = label ?? "";
    // Whoever is about to write there writes in its place, not behind it.
    if (document.activeElement === this.input) this.input.select();
    const far = awayM !== null && awayM > WORTH_SAYING_M;
    fill(this.node, doubt ? doubt : label ? (far ? _("Nearest known address, %(distance)s from the pin", { distance: distance(awayM) }) : _("Address at the pin")) : "");
  }

  /** Beside what somebody wrote: what the map says now, to be taken over by a click. */
  #offer(label) {
    if (!label || label === this.input.value) {
      fill(this.node);
      return;
    }
    const take = () => {
      this.suggested = label;
      this.input.value = label;
      fill(this.node, _("Address at the pin"));
      this.input.focus();
    };
    fill(this.node, el("button.quiet.small", { type: "button", onclick: take }, _("At the pin: %(address)s", { address: label })));
  }

  #written() {
    this.suggested = null;
    fill(this.node);
  }
}
