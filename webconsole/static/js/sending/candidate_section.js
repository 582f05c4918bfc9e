// Section of the candidates under an incident's head: the list while nobody is coming, one line
// while somebody is; it opens again by itself when an order is declined or not answered.
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { liveAssignments, on, state } from "../core/store.js";
import { aimingIn } from "../widgets/scroll_anchor.js";
import { CandidatesPanel } from "./candidate_panel.js";
import { replaceable } from "./replacing.js";

const REFUSED = ["declined", "expired"];
const ids = (orders) => new Set(orders.map(({ id }) => id));

export class CandidatesSection {
  constructor(incidentId) {
    this.id = incidentId;
    this.asked = false;
    this.chosenId = null;
    this.panel = null;
    this.live = null;
    this.refused = new Set();
    this.helps = new Set();
    this.node = el("div.slot");
    this.aside = el("span");
    this.stops = [
      on("rested", () => this.#redraw()),
      on("replace", (order) => order.incident_id === this.id && this.#ask(order.id)),
    ];
  }

  close() {
    for (const stop of this.stops) stop();
    this.panel?.close();
  }

  update(incident) {
    this.#follow(incident);
    const wanted = this.asked || (incident.state !== "resolved" && this.live.size === 0);
    if (wanted) this.#open();
    else if (!this.panel || !aimingIn(this.node)) this.#fold(incident); // else once the hand rests
  }

  /** Somebody was sent: that is answered. Somebody will not come: who else is the question. */
  #follow(incident) {
    const live = ids(liveAssignments(incident));
    const refused = ids(incident.assignments.filter((each) => REFUSED.includes(each.state)));
    if (this.live && [...live].some((id) => !this.live.has(id))) this.asked = false;
    if (this.live && [...refused].some((id) => !this.refused.has(id))) this.asked = true;
    const helps = incident.assignments.filter(({ safety }) => safety?.help).map(({ safety }) => safety.help.id);
    if (helps.some((id) => !this.helps.has(id))) this.asked = true; // a crew there needs another one
    this.helps = new Set(helps);
    if (incident.state === "resolved" && this.state !== "resolved") this.asked = false;
    if (!this.asked) this.chosenId = null;
    Object.assign(this, { live, refused, state: incident.state });
  }

  #open() {
    if (!this.panel) {
      this.panel = new CandidatesPanel(this.id);
      fill(this.node, this.panel.node);
      fill(this.aside, this.panel.status);
    }
    this.panel.replace(this.chosenId);
  }

  #fold(incident) {
    const words = replaceable(incident).length ? _("Send another crew / Replace") : _("Send another crew");
    if (!this.panel && this.words === words) return;
    const wasHere = this.node.contains(document.activeElement);
    this.panel?.close();
    this.panel = null;
    this.words = words;
    fill(this.aside);
    const button = el("button.secondary.another", { type: "button", onclick: () => this.#ask(null) }, el("span", {}, words), el("kbd", {}, "R"));
    fill(this.node, button);
    if (wasHere) button.focus({ preventScroll: true });
  }

  #redraw() {
    const incident = state.incidents.get(this.id);
    if (incident && this.live) this.update(incident);
  }

  /** `orderId`: the order that is to be replaced, where that was said. */
  #ask(orderId) {
    this.asked = true;
    this.chosenId = orderId;
    this.words = null;
    this.#redraw();
    this.node.scrollIntoView({ block: "nearest" });
    this.panel?.focusWhenReady();
  }
}
