// The board of trackers: a row for each, which keeps its buttons and the keyboard's place while what
// it says changes.
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { dutyLabel } from "../core/labels.js";
import { accuracyWords, batteryWords, fixWords, heardWords, protocolLabel, refusedWords, testWords, troubleLabel } from "./tracker_labels.js";

const COLUMNS = [
  { key: "heard", head: () => _("Heard"), words: heardWords },
  { key: "fix", head: () => _("Last fix"), words: fixWords },
  { key: "battery", head: () => _("Battery"), words: batteryWords },
  { key: "accuracy", head: () => _("Accuracy"), words: accuracyWords },
  { key: "refused", head: () => _("Refused today"), words: refusedWords },
];

class TrackerRow {
  constructor(actions) {
    this.crew = el("span.crew-name");
    this.about = el("span.why");
    this.troubles = el("ul.troubles");
    this.cells = COLUMNS.map(({ key, head }) => {
      const words = el("span");
      return { words, node: el("td", { data: { column: key } }, el("span.narrow-label", {}, head()), words) };
    });
    this.tested = el("span.why");
    const button = (words, act, look) => (act ? el(`button${look}`, { type: "button", onclick: () => act(this.tracker) }, words) : null);
    this.buttons = [
      button(_("Ask"), actions.test, ""),
      button(_("Refused"), actions.refused, ".quiet"),
      button(_("New link"), actions.issue, ".quiet"),
      button(_("Revoke"), actions.revoke, ".quiet"),
    ].filter(Boolean);
    this.node = el("tr", {}, el("th", { scope: "row" }, this.crew, this.about, this.troubles), this.cells.map(({ node }) => node), el("td.row-actions", {}, this.buttons, this.tested));
  }

  draw(tracker) {
    this.tracker = tracker;
    this.node.dataset.trackerId = tracker.id;
    this.node.dataset.duty = tracker.duty;
    this.node.classList.toggle("troubled", tracker.troubles.length > 0);
    text(this.crew, tracker.crew_name);
    text(this.about, [tracker.name, protocolLabel(tracker.protocol), dutyLabel(tracker.duty), tracker.in_use ? _("in use") : ""].filter(Boolean).join(" · "));
    const troubles = tracker.troubles.join("|");
    if (this.troubles.dataset.now !== troubles) {
      this.troubles.dataset.now = troubles;
      fill(this.troubles, tracker.troubles.map((code) => el("li", {}, el("span", { "aria-hidden": "true" }, "△ "), troubleLabel(code))));
    }
    for (const button of this.buttons) button.setAttribute("aria-label", `${button.textContent}: ${tracker.crew_name}, ${tracker.name}`);
    this.tick();
  }

  tick() {
    COLUMNS.forEach(({ words }, index) => text(this.cells[index].words, words(this.tracker)));
    text(this.tested, testWords(this.tracker));
  }
}

export class TrackerTable {
  /** `actions`: test, refused, issue, revoke; what is missing nobody here may. */
  constructor(actions) {
    this.actions = actions;
    this.rows = new Map();
    this.body = el("tbody");
    const heads = [_("Tracker"), ...COLUMNS.map(({ head }) => head()), _("Channel test")];
    this.node = el("table.trackers", {}, el("thead", {}, el("tr", {}, heads.map((word) => el("th", { scope: "col" }, word)))), this.body);
  }

  draw(trackers) {
    const rows = new Map();
    for (const tracker of trackers) {
      const row = this.rows.get(tracker.id) ?? new TrackerRow(this.actions);
      row.draw(tracker);
      rows.set(tracker.id, row);
    }
    this.rows = rows;
    const wanted = [...rows.values()].map(({ node }) => node);
    const same = wanted.length === this.body.children.length && wanted.every((node, index) => node === this.body.children[index]);
    if (!same) fill(this.body, wanted);
  }

  tick() {
    for (const row of this.rows.values()) row.tick();
  }
}
