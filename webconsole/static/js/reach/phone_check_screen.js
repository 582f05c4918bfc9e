// "What will not work on this phone": looked at when the page opens and told to the desk. A line below
// all screens says so until it was read, and again when something new is wrong; touched, or from the
// menu, a screen shows how each is mended.
import { ApiError, newKey, put } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { el, text } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { emit } from "../core/store.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { batteryKey, modelOf, probePhone, troublesOf, vendorOf } from "./phone_checks.js";
import { mendLabel, troubleLabel } from "./trouble_labels.js";

const DEVICE = "nearcrew-device";
const FOUND = "nearcrew-phone-check-found";
const READ = "nearcrew-phone-check-read";
const AGAIN_MS = 600_000;

function deviceName() {
  const kept = readStored(DEVICE, null);
  if (kept) return kept;
  const made = newKey();
  writeStored(DEVICE, made);
  return made;
}

class PhoneCheck {
  constructor(crewId) {
    Object.assign(this, { crewId, troubles: readStored(FOUND, []), asked: false, device: deviceName() });
    this.dock = el("button.phone-check-dock", { type: "button", hidden: true, onclick: () => this.ask() });
    this.#drawDock(); // as it was found last: the line is seldom pushed in under a finger
  }

  async look() {
    await this.probe();
    await this.tell();
  }

  /** Look at the phone, and show what is found. */
  async probe() {
    const before = String(this.troubles);
    this.troubles = troublesOf(await probePhone());
    writeStored(FOUND, this.troubles);
    this.#drawDock();
    if (before !== String(this.troubles)) emit("crew-part");
  }

  async tell() {
    try {
      await put(`/crews/${this.crewId}/phone-check`, { device: this.device, model: modelOf(navigator.userAgent), troubles: this.troubles });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // it is looked at and told again
    }
  }

  #drawDock() {
    const n = this.troubles.length;
    text(this.dock, ngettext("%(n)s thing will not work on this phone", "%(n)s things will not work on this phone", n));
    this.dock.hidden = !this.#unread;
  }

  get #unread() {
    const read = new Set(readStored(READ, []));
    return this.troubles.some((code) => !read.has(code));
  }

  screen() {
    return this.asked ? { key: String(this.troubles), node: () => this.#node() } : null;
  }

  #node() {
    const vendor = vendorOf(navigator.userAgent);
    const rows = this.troubles.map((code) => el("li", { data: { trouble: code } },
      el("b", {}, troubleLabel(code)),
      el("span", {}, mendLabel(code, vendor)),
      code === "battery_saver" ? el("button.small", { type: "button", onclick: () => this.#allowed() }, _("I have set it so")) : null));
    return el("section.phone-check", {},
      el("h2", {}, rows.length ? ngettext("%(n)s thing will not work on this phone", "%(n)s things will not work on this phone", rows.length) : _("Everything works on this phone")),
      rows.length ? el("ol.troubles", {}, rows) : null,
      el("button", { type: "button", onclick: () => this.look() }, _("Look again")),
      el("button.primary.large", { type: "button", onclick: () => this.#readIt() }, rows.length ? _("Go on with this phone as it is") : _("Go on")));
  }

  #allowed() {
    writeStored(batteryKey, true);
    this.look();
  }

  #readIt() {
    writeStored(READ, this.troubles);
    this.asked = false;
    this.#drawDock();
    emit("crew-part");
  }

  ask() {
    this.asked = true;
    emit("crew-part");
  }
}

/**
 * Bring it to the crew's page; `menu` is before which button its own stands.
 *
 * Returns a promise of when the phone was looked at.
 */
export function bringPhoneCheck(crewId, { menu }) {
  const check = new PhoneCheck(crewId);
  menu.before(el("button.phone-check-button", { type: "button", onclick: (event) => {
    event.target.closest("details").open = false;
    check.look();
    check.ask();
  } }, _("Check this phone")));
  addCrewPart({ id: "phone-check", order: 80, dock: check.dock, screen: () => check.screen() });
  setInterval(() => check.look(), AGAIN_MS);
  const probed = check.probe();
  probed.then(() => check.tell());
  return probed;
}
