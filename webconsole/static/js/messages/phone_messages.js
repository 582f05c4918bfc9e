// The conversation on a crew's phone: a button that is on every screen with an order, what the desk
// said above whatever is being done until it was read, and the messages themselves, large.
import { boot } from "../core/boot.js";
import { ApiError, get, post } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { keepDraft } from "../kept/drafts.js";
import { outbox } from "../outbox/outbox.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { play } from "../sounds/synthesis.js";
import { drawMessages } from "./message_list.js";
import { messagesWaiting, sendMessage } from "./message_outbox.js";
import { crewReplies } from "./quick_replies.js";
import { crewReadLabel } from "./read_labels.js";

const SOUND = "bell";
const BUZZ_MS = [120, 80, 120];

export class MessagesPanel {
  /** `ringer` is the phone's: what may sound there may sound here. */
  constructor(crewId, ringer) {
    Object.assign(this, { crewId, ringer });
    this.orders = [];
    this.known = new Map(); // incident → its messages, as last told
    this.read = new Map(); // incident → up to which message somebody has read here
    this.unmarked = new Set(); // incidents of which the server does not know that yet
    this.told = 0; // the newest that made a sound
    this.rang = new Set(); // what rang before
    this.number = el("b");
    this.button = el("button.messages-button", { type: "button", hidden: true, onclick: () => this.open() }, _("Messages"), " ", this.number);
    this.news = el("section.message-news", { role: "alert", hidden: true });
    document.querySelector(".crew-bar .more").before(this.button);
    document.getElementById("crew-main").before(this.news);
    this.sheet = null;
    outbox.listen(({ sent, answer }) => this.#changed(sent, answer));
  }

  /** The crew's live orders as they are now; `ringing` is a name of what rings, if anything does. */
  update(orders, ringing) {
    this.orders = orders;
    this.button.hidden = !orders.length;
    // What rings anew is answered first; what is half-written waits in its place.
    if (ringing && !this.rang.has(ringing)) {
      this.rang.add(ringing);
      this.close();
    }
    if (this.sheet && !this.#orderOf(this.sheet.incidentId)) this.close();
    for (const id of this.unmarked) this.#tellRead(id);
    for (const { incident, unread_from_desk: unread } of orders) {
      if (unread && unread !== this.#unreadIn(incident.id).length) this.#load(incident.id);
    }
    this.#draw();
  }

  /** An event of the stream: somebody wrote or read. */
  heard({ kind, incident_id: incidentId }) {
    if (this.sheet?.incidentId === incidentId && kind.startsWith("message.")) this.#load(incidentId);
  }

  /** Show the conversation of an order: the one with something unread first. */
  open(incidentId = this.#unread()[0]?.incident.id ?? this.orders[0]?.incident.id) {
    if (!incidentId) return;
    this.close();
    this.sheet = this.#makeSheet(incidentId);
    document.body.append(this.sheet.node);
    this.sheet.node.showModal();
    this.#drawSheet();
    this.#markRead(incidentId); // what is known already, also without signal
    this.#load(incidentId);
  }

  close() {
    this.sheet?.node.close();
  }

  #orderOf = (incidentId) => this.orders.find(({ incident }) => incident.id === incidentId);

  /** Unread words of the desk, the oldest first: {incident, message}. */
  #unread() {
    return this.orders.flatMap(({ incident, unread_from_desk: count }) =>
      count ? this.#unreadIn(incident.id).map((message) => ({ incident, message })) : []);
  }

  #unreadIn(incidentId) {
    const readHere = this.read.get(incidentId) ?? 0;
    return (this.known.get(incidentId) ?? []).filter(({ id, side, read_by: marks }) =>
      side === "desk" && id > readHere && !marks.some(({ crew_id: crewId }) => crewId === this.crewId));
  }

  /** How many of an order are unread; what was read here counts as read before the server knows. */
  #countOf = ({ incident, unread_from_desk: count = 0 }) => (this.read.has(incident.id) ? Math.min(count, this.#unreadIn(incident.id).length) : count);

  async #load(incidentId) {
    try {
      const { messages } = await get(`/incidents/${incidentId}/messages`);
      this.known.set(incidentId, messages);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // without signal: what was known stays
      return;
    }
    if (this.sheet?.incidentId === incidentId) this.#markRead(incidentId);
    this.#draw();
    this.#sound();
  }

  /** Once for each message, in the ear of whoever drives: short, not as an order rings. */
  #sound() {
    const newest = Math.max(0, ...this.#unread().map(({ message }) => message.id));
    if (newest <= this.told) return;
    this.told = newest;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ_MS);
    if (this.ringer.muted) return;
    play(this.ringer.context, SOUND, 1);
    document.dispatchEvent(new CustomEvent("sounded", { detail: SOUND }));
  }

  #changed(sent, message) {
    if (sent?.kind === "message" && message) {
      const { incidentId } = sent.about;
      const known = this.known.get(incidentId) ?? [];
      if (!known.some(({ id }) => id === message.id)) this.known.set(incidentId, [...known, message]);
    }
    this.#draw();
  }

  /** What is known of a conversation was on the screen. Without signal the server hears of it later. */
  #markRead(incidentId) {
    const newest = this.#unreadIn(incidentId).at(-1);
    if (!newest || document.hidden) return;
    this.read.set(incidentId, newest.id);
    this.unmarked.add(incidentId);
    this.#tellRead(incidentId);
    this.#draw();
  }

  async #tellRead(incidentId) {
    const upTo = this.read.get(incidentId);
    try {
      await post(`/incidents/${incidentId}/messages/read`, { up_to: upTo });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.later) return; // tried again with the next news
    }
    if (this.read.get(incidentId) !== upTo) return;
    this.unmarked.delete(incidentId);
  }

  #draw() {
    const count = this.orders.reduce((sum, order) => sum + this.#countOf(order), 0);
    text(this.number, count ? `(${count})` : "");
    this.button.classList.toggle("unread", count > 0);
    this.#drawNews();
    if (this.sheet) this.#drawSheet();
  }

  /** What the desk said last and nobody has read: it stays until somebody says so. */
  #drawNews() {
    const unread = this.sheet ? [] : this.#unread();
    const last = unread.at(-1);
    this.news.hidden = !last;
    if (this.newsShown === last?.message.id) return;
    this.newsShown = last?.message.id;
    if (!last) {
      fill(this.news);
      return;
    }
    const { incident, message } = last;
    const understood = () => {
      sendMessage(incident.id, _("Understood"));
      this.#markRead(incident.id);
    };
    const others = unread.length > 1 ? el("p.more-unread", {}, _("Unread before it: %(n)s", { n: unread.length - 1 })) : null;
    fill(this.news,
      el("p.message-from", {}, _("The desk on #%(incident)s:", { incident: incident.id })),
      el("p.message-words", {}, message.words), others,
      el("div.pair", {},
        el("button.big", { type: "button", onclick: () => this.open(incident.id) }, _("Answer")),
        el("button.big", { type: "button", onclick: understood }, _("Understood"))));
  }

  #makeSheet(incidentId) {
    const list = el("ol.messages", { "aria-label": _("Messages"), "aria-live": "polite" });
    const words = el("textarea", { rows: "2", maxlength: boot.limits.message, "aria-label": _("Message to the desk"), placeholder: _("Message to the desk") });
    const keep = keepDraft(words, `message-${incidentId}`);
    const send = el("button.big", { type: "submit" }, _("Send message"));
    const form = el("form.message-form", {
      onsubmit: (event) => {
        event.preventDefault();
        if (!words.value.trim()) return;
        sendMessage(incidentId, words.value.trim());
        words.value = "";
        keep();
      },
    }, words, send);
    const quick = crewReplies().map((reply) => el("button.big.quick-reply", { type: "button", onclick: () => sendMessage(incidentId, reply) }, reply));
    const title = el("h2.title", { tabindex: "-1", autofocus: true });
    const others = el("nav.other-talks", { "aria-label": _("Other orders") });
    const body = el("div.message-body", {}, others, list, el("div.quick-replies", { role: "group", "aria-label": _("Quick replies") }, quick));
    const node = el("dialog.messages-sheet", { "aria-label": _("Messages") },
      el("header", {}, title, el("button.big.back", { type: "button", onclick: () => this.close() }, _("Back"))), body, form);
    node.addEventListener("close", () => {
      node.remove();
      if (this.sheet?.node === node) this.sheet = null;
      this.#draw();
    });
    return { incidentId, node, title, list, others, body, shown: 0 };
  }

  #drawSheet() {
    const { incidentId, title, list, others, body } = this.sheet;
    const order = this.#orderOf(incidentId);
    text(title, order ? incidentTitle(order.incident) : `#${incidentId}`);
    const rest = this.orders.filter(({ incident }) => incident.id !== incidentId);
    fill(others, rest.map((other) => {
      const unread = this.#countOf(other);
      const label = `${incidentTitle(other.incident)}${unread ? ` (${unread})` : ""}`;
      return el("button.big", { type: "button", onclick: () => this.open(other.incident.id) }, label);
    }));
    const sent = this.known.get(incidentId) ?? [];
    const waiting = messagesWaiting(incidentId).filter(({ client_id: name }) => !sent.some((each) => each.client_id === name));
    const all = [...sent, ...waiting];
    drawMessages(list, all, {
      own: ({ side }) => side === "crew",
      who: ({ side, author }) => (side === "desk" ? author : ""),
      below: (message) => (message.waiting ? _("not sent yet") : message.side === "crew" ? crewReadLabel(message) : ""),
    });
    if (all.length > this.sheet.shown) body.scrollTop = list.offsetTop + list.offsetHeight - body.clientHeight;
    this.sheet.shown = all.length;
  }
}
