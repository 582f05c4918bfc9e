// Who is still to be called back: one row for each telephone number, a page at a time. A tick leaves
// its row where it is: nothing moves under the hand that goes down the list.
import { el, keyed, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { channelLabel } from "../records/report_channels.js";
import { Entries } from "../records/entry_list.js";
import { CallBackTick } from "./call_back.js";

const PAGE = 20;
const KINDS = ["incident.reported", "incident.merged_in", "incident.parted", "report.called_back"];

export class People {
  constructor(incidentId) {
    this.id = incidentId;
    this.shown = PAGE;
    this.people = [];
    this.kept = new Set(); // were on the list: they stay, ticked
    this.list = el("ol.people", { "aria-label": _("To be called back") });
    this.none = el("p.hint");
    this.more = el("button.quiet.small", { type: "button", onclick: () => {
      this.shown += PAGE;
      this.#draw(this.people);
    } });
    this.entries = new Entries(incidentId, { name: "call-backs", field: "people", kinds: KINDS, draw: (people) => this.#draw(people) });
    this.node = el("div.people-frame", {}, this.list, this.none, this.more, this.entries.failed);
  }

  close() {
    this.entries.stop();
  }

  #draw(people) {
    this.people = people;
    const wanted = people.filter((each) => !each.call_back || this.kept.has(each.phone));
    const page = wanted.slice(0, this.shown);
    for (const { phone } of page) this.kept.add(phone);
    keyed(this.list, page, { key: ({ phone }) => phone, create: (person) => this.#row(person), update: (row, person) => row.tick.update(person.call_back) });
    this.more.hidden = wanted.length <= this.shown;
    text(this.more, _("%(n)s of %(all)s shown: show more", { n: page.length, all: wanted.length }));
    this.none.hidden = wanted.length > 0;
    text(this.none, _("Everybody was called back."));
  }

  #row(person) {
    const row = el("li.entry", {},
      el("p.entry-head", {}, el("time", { datetime: person.last_told_at }, clock(person.last_told_at, { seconds: false })), " ", channelLabel(person.channel),
        person.report_ids.length > 1 ? ` ×${person.report_ids.length}` : ""),
      el("p.entry-caller", {}, el("b", {}, person.name), person.name ? " · " : "", el("span.tel", {}, person.phone)),
      person.words ? el("p.entry-words", {}, person.words) : null);
    row.tick = new CallBackTick(this.id, person.report_ids.at(-1), person.call_back);
    row.append(row.tick.node);
    return row;
  }
}
