// Lets a crew's phone ring with its page closed, where browser and network can: asked for with a touch,
// for a browser wants one, and said to the server again at each start, for its address may change.
import { ApiError, get, post, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";

const WORKER = "/crew-sw.js";
const SCOPE = "/crew";
const FORMER_WORKER = "/service_worker.js";

/** Whether this browser knows pushes; none does on plain http. */
export const canPush = () => window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function bytes(base64url) {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

class PushSwitch {
  constructor(crewId) {
    this.path = `/crews/${crewId}/push-subscription`;
    this.subscription = null;
    this.node = el("button.push-switch", { type: "button", hidden: !canPush(), "aria-pressed": "false", onclick: () => this.#touched() });
    this.said = el("span.why", { role: "status" });
    this.#draw();
  }

  /** At the start of the page: what was agreed on before still holds. */
  async begin() {
    if (!canPush()) return;
    const registrations = await navigator.serviceWorker.getRegistrations();
    const own = registrations.find(({ scope }) => new URL(scope).pathname === SCOPE);
    this.subscription = (await own?.pushManager.getSubscription()) ?? null;
    const former = registrations.find(({ active }) => active && new URL(active.scriptURL).pathname === FORMER_WORKER);
    if (former) await this.#succeed(former);
    else if (this.subscription) await this.#tell();
    this.#draw();
  }

  /** A subscription belongs to its worker: the new one has its own before that of the former ends. */
  async #succeed(former) {
    const had = await former.pushManager.getSubscription();
    if (had && !this.subscription) await this.#subscribe();
    else if (this.subscription) await this.#tell();
    if (had) {
      await post(`${this.path}/end`, { endpoint: had.endpoint });
      await had.unsubscribe();
    }
    await former.unregister();
  }

  async #touched() {
    this.node.disabled = true;
    try {
      await (this.subscription ? this.#end() : this.#ask());
    } catch (error) {
      // The browser's own refusals: no permission, no push service in this network.
      const refused = Notification.permission === "denied";
      text(this.said, error instanceof ApiError ? error.message : refused ? _("The browser does not allow it: see its settings for this page.") : _("This network does not let pushes through."));
    } finally {
      this.node.disabled = false;
    }
    this.#draw();
  }

  async #ask() {
    text(this.said, "");
    if ((await Notification.requestPermission()) !== "granted") throw new Error("refused");
    await this.#subscribe();
  }

  async #subscribe() {
    await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
    const registration = await navigator.serviceWorker.ready;
    const { public_key } = await get("/push-key");
    this.subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(public_key) });
    await this.#tell();
  }

  async #end() {
    const { endpoint } = this.subscription;
    await this.subscription.unsubscribe();
    this.subscription = null;
    await post(`${this.path}/end`, { endpoint });
  }

  async #tell() {
    const { endpoint, keys } = this.subscription.toJSON();
    await put(this.path, { endpoint, p256dh: keys.p256dh, auth: keys.auth, language: boot.locale });
  }

  #draw() {
    const on = this.subscription !== null;
    this.node.setAttribute("aria-pressed", String(on));
    text(this.node, on ? _("Rings with this page closed: on") : _("Ring with this page closed"));
  }
}

/** Put the switch behind a button of the page's menu. */
export function bringPushSwitch(crewId, { menu }) {
  const pushSwitch = new PushSwitch(crewId);
  menu.after(pushSwitch.node, pushSwitch.said);
  pushSwitch.begin().catch(() => {}); // it is said again at the next start
}
