// The conversation with the crews of an incident, as a section of its panel.
import { boot } from "../core/boot.js";
import { ApiError, newKey, post } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { keepDraft } from "../core/drafts.js";
import { _ } from "../core/i18n.js";
import { liveAssignments, state } from "../core/store.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { Entries } from "../records/entry_list.js";
import { drawMessages } from "./message_list.js";
import { deskReplies } from "./quick_replies.js";
import { authorOf, deskReadLabel } from "./read_labels.js";
import { unreadMark } from "./unread_mark.js";

export const sendMessage = (incidentId, body) => post(`/incidents/${incidentId}/messages`, body);

const seen = (node) => document.visibilityState === "visible" && node.isConnected && node.getClientRects().length > 0;
const isUnread = (message) => message.side === "crew" && !message.read_by.length;

class DeskMessages {
  constructor(incidentId) {
    this.id = incidentId;
    this.key = newKey();
    this.messages = [];
    this.readUpTo = 0;
    this.inView = false;
    this.list = el("ol.messages", { "aria-label": _("Messages"), "aria-live": "polite" });
    this.aside = el("span");
    this.to = el("select", { "aria-label": _("Send to"), hidden: true });
    this.words = el("textarea", { rows: "1", maxlength: boot.limits.message, "aria-label": _("Message to the crews"), placeholder: _("Message to the crews"), oninput: () => this.#ready(), onkeydown: (event) => this.#keys(event) });
    this.keep = keepDraft(this.words, `message-${incidentId}`);
    this.go = el("button.secondary.small", { type: "submit", title: _("Enter; a new line with Shift+Enter") }, _("Send message"));
    this.error = el("p.form-error", { role: "alert" });
    this.nobody = el("p.hint-block", { hidden: true }, _("No crew has an order here now: nobody may read this."));
    const quick = deskReplies().map((words) => el("button.quiet.quick-reply", { type: "button", onclick: () => this.#send(words) }, words));
    this.form = el("form.message-form", { onsubmit: (event) => this.#submit(event) },
      el("div.quick-replies", { role: "group", "aria-label": _("Quick replies") }, quick),
      el("div.message-line", {}, this.to, this.words, this.go), this.nobody, this.error);
    this.entries = new Entries(incidentId, { name: "messages", kinds: ["message.sent", "message.read"], draw: (messages) => this.#draw(messages) });
    this.node = el("div.conversation", {}, this.list, this.entries.failed, this.form);
    // Read is what was on the screen, not what lies above or below it.
    this.watch = new IntersectionObserver((entries) => {
      this.inView = entries.at(-1).isIntersecting;
      this.#markRead();
    });
    this.watch.observe(this.list);
    this.look = () => this.#markRead();
    document.addEventListener("visibilitychange", this.look);
    this.#ready();
  }

  close() {
    this.entries.stop();
    this.watch.disconnect();
    document.removeEventListener("visibilitychange", this.look);
  }

  /** What is known of the incident now: its crews, and what is unread. */
  update(incident) {
    this.live = liveAssignments(incident);
    fill(this.aside, unreadMark(incident));
    this.nobody.hidden = this.live.length > 0;
    const crews = JSON.stringify(this.live.map(({ crew_id: id, crew_name: name }) => [id, name]));
    if (crews !== this.crewsShown) {
      this.crewsShown = crews;
      const chosen = this.to.value;
      fill(this.to, el("option", { value: "" }, _("All crews")), this.live.map(({ crew_id: id, crew_name: name }) => el("option", { value: String(id) }, name)));
      this.to.value = this.live.some(({ crew_id: id }) => String(id) === chosen) ? chosen : "";
      this.to.hidden = this.live.length < 2;
    }
    this.#show();
  }

  #draw(messages) {
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 8;
    const more = messages.length > this.messages.length;
    this.messages = messages;
    this.#show();
    if (more && atEnd) this.list.scrollTop = this.list.scrollHeight;
    this.#markRead();
  }

  #show() {
    drawMessages(this.list, this.messages, {
      own: ({ side }) => side === "desk",
      who: (message) => (message.side === "desk" && message.crew_name ? _("%(who)s to %(crew)s alone", { who: message.author, crew: message.crew_name }) : authorOf(message)),
      below: (message) => (message.side === "desk" ? deskReadLabel(message, this.#awaited(message)) : ""),
    });
    this.list.hidden = !this.messages.length;
  }

  /** The crews that are there and were when it was written: from these an answer is expected. */
  #awaited({ crew_id: only, sent_at: sentAt }) {
    const crews = (this.live ?? []).filter(({ crew_id: id, offered_at: since }) => (only ? id === only : since <= sentAt));
    return crews.map(({ crew_name: name }) => name);
  }

  async #markRead() {
    const newest = this.messages.findLast(isUnread)?.id ?? 0;
    if (newest <= this.readUpTo || !this.inView || !seen(this.list)) return;
    const before = this.readUpTo;
    this.readUpTo = newest;
    try {
      await post(`/incidents/${this.id}/messages/read`, { up_to: newest });
    } catch (error) {
      this.readUpTo = before; // tried again with the next look
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #ready() {
    this.go.disabled = !this.words.value.trim();
  }

  #keys(event) {
    // Enter also chooses a word while Chinese is being typed.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  async #submit(event) {
    event.preventDefault();
    const words = this.words.value.trim();
    if (!words || !(await this.#send(words)) || this.words.value.trim() !== words) return;
    this.words.value = "";
    this.keep();
    this.#ready();
  }

  /** Send; tells whether it was. The same words sent again after a lost answer are one message. */
  async #send(words) {
    if (this.sending) return false;
    this.sending = true;
    text(this.error, "");
    const body = { words, ...(this.to.value ? { crew_id: Number(this.to.value) } : {}) };
    const said = JSON.stringify(body);
    if (said !== this.said) [this.said, this.key] = [said, newKey()];
    try {
      await sendMessage(this.id, { ...body, client_id: this.key });
      this.said = null;
      this.entries.refresh();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.error, error.whole);
      return false;
    } finally {
      this.sending = false;
    }
  }
}

addIncidentSection({
  id: "messages",
  order: 5,
  open: false,
  kept: false,
  title: () => _("Messages"),
  when: (incident) => incident.assignments.length > 0 || incident.messages_count > 0,
  count: (incident) => incident.messages_count || null,
  calls: (incident) => incident.unread_from_crews,
  make: (id) => new DeskMessages(id),
});

/** Open the conversation of the chosen incident and go to where one writes. */
export function writeMessage() {
  const section = document.querySelector('#side [data-section="messages"]');
  const head = section?.querySelector(".fold-head");
  if (head?.getAttribute("aria-expanded") === "false") head.click();
  section?.querySelector("textarea")?.focus();
}

/** An incident by its number, if it is on the board. */
export const incidentOf = (number) => state.incidents.get(Number(number));
