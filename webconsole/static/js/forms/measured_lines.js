// Under an order on scene: a button for each form, and what was measured so far, the newest first. The
// nodes stay while their order does: a tap that is on its way must not lose its button.
import { el, fill, keyed, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { itemNode, nameIn } from "./form_labels.js";

const SHOWN = 6;
const STATES = {
  told: () => [],
  waiting: () => [el("span.pending-word", {}, _("waits to be sent"))],
  refused: () => [el("span.refused-word", {}, _("not taken by the desk"))],
};

function entryRow({ taken_at: at, items, ...form }) {
  return el("li.measured-row", {}, el("time", { datetime: at }, clock(at, { seconds: false })), " ", el("span.form-name", {}, nameIn(form)), " ",
    el("span.measured-values", {}, items.map((item, place) => [place ? ", " : null, itemNode(item)]).flat()), " ", el("span.state-said"));
}

export class MeasuredLines {
  /** `open(form)`: fill it in. */
  constructor({ open }) {
    this.open = open;
    this.buttons = el("div.measure-buttons");
    this.list = el("ol.measured-list");
    this.more = el("p.told");
    this.node = el("section.measured", { "aria-label": _("Measurements") }, el("h3", {}, _("Measurements")), this.buttons, this.list, this.more);
  }

  update({ forms, entries }) {
    this.forms = new Map(forms.map((form) => [form.code, form]));
    keyed(this.buttons, forms, {
      key: ({ code }) => code,
      create: ({ code }) => el("button.big.measure", { type: "button", onclick: () => this.open(this.forms.get(code)) }),
      update: (button, form) => text(button, _("Measure: %(form)s", { form: nameIn(form) })),
    });
    keyed(this.list, [...entries].reverse().slice(0, SHOWN), {
      key: ({ client_id: own, id }) => own ?? id,
      create: entryRow,
      update: (row, { state }) => {
        if (row.dataset.state !== state) fill(row.querySelector(".state-said"), STATES[state]());
        row.dataset.state = state;
      },
    });
    text(this.more, entries.length > SHOWN ? _("and %(n)s more", { n: entries.length - SHOWN }) : "");
    return forms.length || entries.length ? [this.node] : [];
  }
}
