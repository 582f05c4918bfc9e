// Panel of one incident: which crews are coming and when, which others could, details, history.
import { boot, may } from "../core/boot.js";
import { AssignmentList, comingOrders } from "../assignments/assignment_list.js";
import { stageOf, stageOfLabel } from "../assignments/progress.js";
import { newKey } from "../core/api.js";
import { secondsSince } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { coordinates, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { incidentTitle, priorityLabel } from "../core/labels.js";
import { on, select, setDraft, state } from "../core/store.js";
import { incidentMark } from "../map/board/glyphs.js";
import { CompareBar } from "../sending/compare_bar.js";
import { Fold } from "../widgets/fold.js";
import { keepPlace } from "../widgets/scroll_anchor.js";
import { PledgeLine } from "../pledges/pledge_line.js";
import { closingWords } from "../outcomes/outcome_labels.js";
import { OutcomeNotice, leftOpen } from "../outcomes/outcome_notice.js";
import { follow, isMerged } from "../merging/following.js";
import { decisionsFor } from "./decision_registry.js";
import { decide } from "./decisions.js";
import { incidentSections } from "./section_registry.js";
import "./standard_sections.js";

const ENDED = ["closed", "cancelled", "merged"];

export class IncidentPanel {
  constructor(incidentId) {
    this.id = incidentId;
    this.node = this.#build();
    this.place = keepPlace(this.scroll);
    this.stops = [
      on("incidents", () => this.draw()),
      on("tick", () => this.#tick()),
      on("replace", (order) => order.incident_id === this.id && this.#unfold("candidates")),
      on("sent", ({ incidentId }) => incidentId === this.id && this.place.toTop()),
      () => this.place.stop(),
    ];
    this.draw();
  }

  close() {
    for (const stop of this.stops) stop();
    this.compare.close();
    for (const { part } of this.sections) part?.close();
  }

  #build() {
    this.heading = el("h2");
    this.facts = el("div.facts-line");
    this.where = el("p.where");
    this.timer = el("time.timer");
    this.pledge = new PledgeLine();
    this.coming = new AssignmentList("ul.assignments", comingOrders, { ask: (...what) => this.#ask(...what) });
    this.nobody = el("p.nobody", { hidden: true });
    this.outcome = new OutcomeNotice();
    this.sections = incidentSections().map((section) => this.#section(section));
    this.compare = new CompareBar(this.id);
    this.decisions = el("div.decisions");
    this.scroll = el("div.scroll", {},
      this.outcome.node,
      el("section.coming", { "aria-label": _("Who is coming") }, this.nobody, this.coming.node),
      this.sections.map(({ fold }) => fold.node));
    return el(
      "section.panel.incident-panel",
      {},
      el("header.panel-head", {}, el("div", {}, this.heading, this.facts, this.where, this.pledge.node),
        el("button.quiet.icon", { type: "button", "aria-label": _("Close this panel"), title: "Esc", onclick: () => select(null) }, "×")),
      this.scroll,
      this.compare.node,
      this.decisions,
    );
  }

  /** What a section shows is made when it is first seen: a folded one asks the server nothing. */
  #section(section) {
    const entry = { section, part: null, called: 0 };
    entry.fold = new Fold({
      id: section.id,
      title: section.title(),
      open: section.open,
      kept: section.kept,
      onOpen: () => entry.fold && this.#fill(entry),
    });
    return entry;
  }

  #fill(entry) {
    const incident = state.incidents.get(this.id);
    if (!entry.fold.open || !incident || !entry.section.when(incident)) return;
    if (!entry.part) {
      entry.part = entry.section.make(this.id);
      fill(entry.fold.body, entry.part.node);
      fill(entry.fold.aside, entry.part.aside);
    }
    entry.part.update?.(incident);
  }

  #unfold(id) {
    const { fold } = this.sections.find(({ section }) => section.id === id);
    if (!fold.open) fold.set(true);
  }

  draw() {
    const incident = state.incidents.get(this.id);
    if (!incident) {
      text(this.heading, `#${this.id}`);
      fill(this.facts, _("Loading…"));
      return;
    }
    if (this.shown === incident) return;
    // What is opened leads on; what is merged while somebody works here waits to be left.
    if (!this.shown && follow(incident)) return;
    this.shown = incident;
    text(this.heading, incidentTitle(incident));
    fill(
      this.facts,
      el(`span.priority.p-${incident.priority}`, {}, `P${incident.priority}`),
      el("span", {}, priorityLabel(incident.priority)),
      el("span.state-word", {}, incidentMark(stageOf(incident)), stageOfLabel(incident)),
      this.timer,
    );
    text(this.where, incident.address || coordinates(incident.lon, incident.lat));
    this.outcome.update(incident);
    this.coming.update(incident);
    this.nobody.hidden = stageOf(incident) !== "open"; // nobody need be, for what is due later
    text(this.nobody, _("Nobody is on the way."));
    for (const entry of this.sections) this.#drawSection(entry, incident);
    this.#drawDecisions(incident);
    this.#tick();
  }

  #drawSection(entry, incident) {
    const wanted = entry.section.when(incident);
    entry.fold.node.hidden = !wanted;
    if (!wanted) {
      entry.part?.close();
      entry.part = null;
      fill(entry.fold.body);
      fill(entry.fold.aside);
      return;
    }
    entry.fold.say(entry.section.count(incident));
    const calls = entry.section.calls(incident);
    if (calls > entry.called && !entry.fold.open) entry.fold.set(true);
    entry.called = calls;
    this.#fill(entry);
  }

  #drawDecisions(incident) {
    if (this.asking) return;
    const button = (label, act, look = "secondary") => el(`button.${look}`, { type: "button", onclick: act }, label);
    const title = incidentTitle(incident);
    if (ENDED.includes(incident.state)) {
      const others = decisionsFor(incident).map((each) => button(each.label(incident), () => each.act(incident, { ask: (...what) => this.#ask(...what) })));
      // A merged one is not reopened but taken out, and that is another room's to do.
      fill(this.decisions, others, isMerged(incident) || !may("incident.close") ? null : button(_("Reopen"), () => this.#ask(_("Why is %(incident)s reopened?", { incident: title }), _("Reopen"), (reason, key) => decide(incident, "reopen", reason, key))));
      return;
    }
    const closes = may("incident.close");
    fill(
      this.decisions,
      closes && button(_("Close incident"), () => this.#ask(_("How did %(incident)s end?", { incident: title }), _("Close incident"), (reason, key) => decide(incident, "close", reason, key), { words: closingWords(incident), note: leftOpen(incident) }), incident.state === "resolved" ? "primary" : "secondary"),
      closes && button(_("Cancel incident"), () => this.#ask(_("Why is %(incident)s cancelled?", { incident: title }), _("Cancel incident"), (reason, key) => decide(incident, "cancel", reason, key))),
      may("incident.write") && button(_("Change details"), () => this.#edit(incident)),
      decisionsFor(incident).map((each) => button(each.label(incident), () => each.act(incident, { ask: (...what) => this.#ask(...what) }))),
    );
  }

  #edit(incident) {
    setDraft({ lon: incident.lon, lat: incident.lat });
    select("edit", incident.id);
  }

  /**
   * Ask for a reason in place, where the buttons were; news from outside does not take it away.
   *
   * `words`: what the answer begins with. `note`: what is to be known before.
   */
  #ask(question, label, act, { words = "", note = null } = {}) {
    const key = newKey();
    this.asking = true;
    const input = el("input", { id: "reason", maxlength: boot.limits.reason, autocomplete: "off", required: true, value: words.slice(0, boot.limits.reason) });
    const back = () => {
      const wasHere = form.contains(document.activeElement);
      this.asking = false;
      this.shown = null;
      this.draw();
      if (wasHere) this.decisions.querySelector("button")?.focus();
    };
    const form = el(
      "form.ask",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          go.disabled = true;
          await act(input.value.trim(), key);
          back();
        },
        onkeydown: (event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          back();
        },
      },
      note ? el("p.note-before", {}, note) : null,
      el("label", { for: "reason" }, question),
      input,
    );
    const go = el("button.primary", { type: "submit" }, label);
    form.append(el("div.form-actions", {}, go, el("button.quiet", { type: "button", onclick: back }, _("Leave it"))));
    fill(this.decisions, form);
    input.focus();
  }

  #tick() {
    const incident = state.incidents.get(this.id);
    if (!incident) return;
    const end = incident.state === "resolved" || ENDED.includes(incident.state) ? incident.closed_at ?? incident.updated_at : null;
    text(this.timer, timer(end ? (Date.parse(end) - Date.parse(incident.reported_at)) / 1000 : secondsSince(incident.reported_at)));
    this.pledge.draw(ENDED.includes(incident.state) ? null : incident);
    this.coming.tick();
  }
}
