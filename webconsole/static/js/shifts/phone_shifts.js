// A crew's own shifts on its page: this week and the next, swaps, and what to know before the end.
import { ApiError, get, newKey, post } from "../core/api.js";
import { now } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { showDialog } from "../widgets/dialog.js";
import { addDays, dayLabel, markLabel, shiftLabel } from "./shift_labels.js";
import { SwapRow } from "./swap_list.js";

const SOON_MS = 45 * 60_000;
const minute = (iso) => clock(iso, { seconds: false });

class ShiftDialog {
  constructor(crewId) {
    this.crewId = crewId;
    this.error = el("p.form-error", { role: "alert" });
    this.own = el("ul.own-shifts");
    this.swaps = el("ul.own-swaps");
    showDialog("own-shifts-dialog", { title: _("My shifts"), body: el("div.own-shifts-body", {}, this.own, el("h3", {}, _("Swaps")), this.swaps, this.error) });
    this.load();
  }

  async load() {
    try {
      const week = await get("/shifts");
      const last = addDays(week.first, 13);
      const [{ shifts }, { swaps }] = await Promise.all([get(`/shifts?first=${week.first}&last=${last}`), get("/swaps")]);
      this.#draw(shifts, swaps);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.error, error.message);
    }
  }

  #draw(shifts, swaps) {
    const others = new Map(shifts.filter(({ crew_id }) => crew_id !== this.crewId).map(({ crew_id, crew_name }) => [crew_id, crew_name]));
    const mine = shifts.filter(({ crew_id }) => crew_id === this.crewId);
    fill(this.own, mine.length ? mine.map((shift) => this.#row(shift, shifts, others)) : el("li", {}, _("No shifts this week and next.")));
    fill(this.swaps, swaps.length ? swaps.map((swap) => new SwapRow(swap, () => this.load()).node) : el("li", {}, _("None.")));
  }

  #row(shift, shifts, others) {
    const begun = Date.parse(shift.begins_at) <= now();
    const words = el("span", {}, el("b", {}, dayLabel(shift.day)), ` ${shiftLabel(shift)}`, shift.swap_id ? el("span.told", {}, ` · ${_("swap asked for")}`) : null);
    const row = el("li", {}, words);
    if (!begun && !shift.swap_id && others.size) {
      row.append(el("button.swap", { type: "button", "aria-label": _("Swap: %(shift)s", { shift: `${dayLabel(shift.day)} ${shiftLabel(shift)}` }), onclick: (event) => {
        event.target.hidden = true;
        row.append(this.#ask(shift, shifts, others));
        row.querySelector("select").focus();
      } }, _("Swap…")));
    }
    return row;
  }

  /** With which crew, and for which of its shifts. */
  #ask(shift, shifts, others) {
    const key = newKey();
    const crew = el("select", { "aria-label": _("With which crew") }, [...others].map(([id, name]) => el("option", { value: String(id) }, name)));
    const back = el("select", { "aria-label": _("For which of its shifts") });
    const choose = () => fill(back, el("option", { value: "" }, _("for none")), shifts.filter(({ crew_id, begins_at }) => crew_id === Number(crew.value) && Date.parse(begins_at) > now()).map((each) => el("option", { value: String(each.id) }, `${dayLabel(each.day)} ${shiftLabel(each)}`)));
    crew.addEventListener("change", choose);
    choose();
    return el("form.ask-swap", { onsubmit: async (event) => {
      event.preventDefault();
      text(this.error, "");
      try {
        await post(`/shifts/${shift.id}/swaps`, { with_crew_id: Number(crew.value), for_shift_id: Number(back.value) || null, client_id: key });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        text(this.error, error.whole);
        return;
      }
      await this.load();
    } }, crew, back, el("button.primary", { type: "submit" }, _("Ask for the swap")));
  }
}

/** Bring it to the crew's page; `menu` is where its button goes. */
export function bringShifts(crewId, { menu }) {
  const dock = el("p.shift-dock", { role: "status", hidden: true });
  let mine = null;
  let leaving = null;

  const words = () => {
    if (!mine) return "";
    const soon = mine.ends_at && Date.parse(mine.ends_at) - now() < SOON_MS;
    const next = leaving?.incoming.map(({ crew_name }) => crew_name).join(", ");
    return [
      markLabel(mine.mark),
      soon ? _("Your shift ends at %(time)s.", { time: minute(mine.ends_at) }) : "",
      leaving ? ngettext("%(n)s order is left; the desk hands it over.", "%(n)s orders are left; the desk hands them over.", leaving.orders.length) : "",
      leaving && next ? _("Next: %(crews)s.", { crews: next }) : "",
    ].filter(Boolean).join(" ");
  };
  const draw = () => {
    text(dock, words());
    dock.hidden = !dock.textContent;
  };

  menu.before(el("button.own-shifts-button", { type: "button", onclick: (event) => {
    event.target.closest("details").open = false;
    new ShiftDialog(crewId);
  } }, _("My shifts")));
  addCrewPart({
    id: "shifts",
    order: 90,
    dock,
    load: async () => {
      const [{ crews }, told] = await Promise.all([get("/shifts/now"), get("/hand-overs")]);
      mine = crews.find(({ crew_id }) => crew_id === crewId) ?? null;
      leaving = told.leaving.find(({ crew_id }) => crew_id === crewId) ?? null;
      draw();
    },
    tick: draw,
  });
}
