// What came in from the public page and nobody has confirmed: above the queue, and never in it. Each is
// made an incident, added to a known one, or dismissed with a reason.
import { ApiError, get, post } from "../core/api.js";
import { boot, may } from "../core/boot.js";
import { secondsSince } from "../core/clock.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { coordinates, duration, straightDistance } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { kindName } from "../core/labels.js";
import { on, select } from "../core/store.js";
import { noteToast, refusalToast } from "../widgets/toasts.js";

const LOADED_BY = /^public_report\./;

class Row {
  constructor(report, { centre, done }) {
    this.report = report;
    this.centre = centre;
    this.done = done;
    this.path = `/public-reports/${report.id}`;
    this.age = el("span.at");
    this.near = el("div.near");
    this.acts = el("div.form-actions");
    this.extra = el("div");
    const { kind, address, words, caller_phone: phone, has_photo: photo, lon, lat } = report;
    const point = lon === null ? _("no place on the map") : coordinates(lon, lat);
    this.node = el("details.unconfirmed-row", { data: { reportId: report.id }, ontoggle: () => this.node.open && this.#lookAround() },
      el("summary", {}, el("span.tag", {}, _("unconfirmed")), " ", el("b", {}, kindName(kind)), " ", this.age, el("br"), el("span", {}, address || point)),
      words ? el("p.entry-words", {}, words) : null,
      el("p.hint", {}, [phone, address ? point : "", photo ? _("with a photo, shown once it belongs to an incident") : ""].filter(Boolean).join(" · ")),
      this.near, this.acts, this.extra);
    this.#offer();
    this.tick();
  }

  tick() {
    text(this.age, _("%(age)s ago", { age: duration(secondsSince(this.report.received_at)) }));
  }

  #offer() {
    const placed = this.report.lon !== null;
    fill(this.extra);
    fill(this.acts,
      el("button.primary.small", { type: "button", onclick: () => this.#confirm() }, placed ? _("Confirm: make an incident") : _("Confirm at the middle of the map")),
      el("button.quiet.small", { type: "button", onclick: () => this.#askWhy() }, _("Dismiss…")));
    if (!placed) fill(this.near, el("p.hint", {}, _("It names no place: find the address first, so that the map's middle is there.")));
  }

  async #lookAround() {
    const { lon, lat, kind, address } = this.report;
    if (lon === null) return;
    const query = new URLSearchParams({ lon, lat, kind, ...(address ? { address } : {}), limit: 3 });
    try {
      const { incidents } = await get(`/incidents/near?${query}`);
      fill(this.near, incidents.map(({ incident, distance_m: far }) =>
        el("button.secondary.small", { type: "button", onclick: () => this.#do("attach", { incident_id: incident.id }) },
          _("Same as #%(id)s %(kind)s", { id: incident.id, kind: kindName(incident.kind) }), ` · ${straightDistance(far)}`)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fill(this.near, el("p.form-error", {}, error.message));
    }
  }

  #confirm() {
    const place = this.report.lon === null ? this.centre() : {};
    return this.#do("confirm", place.lon === undefined ? {} : { lon: place.lon, lat: place.lat });
  }

  #askWhy() {
    const reason = el("input", { required: true, maxlength: boot.limits.reason, "aria-label": _("Reason"), autocomplete: "off", placeholder: _("Reason") });
    fill(this.extra, el("form.entry-form", { onsubmit: (event) => {
      event.preventDefault();
      this.#do("dismiss", { reason: reason.value.trim() });
    } }, reason, el("div.form-actions", {}, el("button.primary.small", { type: "submit" }, _("Dismiss")), el("button.quiet.small", { type: "button", onclick: () => this.#offer() }, _("Leave it")))));
    reason.focus();
  }

  async #do(step, body) {
    for (const button of this.node.querySelectorAll("button")) button.disabled = true;
    try {
      const settled = await post(`${this.path}/${step}`, body);
      if (settled.incident_id) select("incident", settled.incident_id);
      else noteToast(_("The report was dismissed."));
      this.done();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusalToast(Object.values(error.fields ?? {})[0] ?? error.message);
      for (const button of this.node.querySelectorAll("button")) button.disabled = false;
      if (error.code === "settled_already") this.done();
    }
  }
}

/** `centre()`: the middle of the map. */
export class UnconfirmedBox {
  constructor({ centre }) {
    this.centre = centre;
    this.rows = new Map();
    this.title = el("h3");
    this.list = el("div");
    this.node = el("section.unconfirmed", { hidden: true, "aria-label": _("Unconfirmed reports") }, this.title, this.list);
    on("event", ({ kind }) => LOADED_BY.test(kind) && this.load());
    on("reset", () => this.load());
    on("slow", () => this.rows.forEach((row) => row.tick()));
    this.load();
  }

  async load() {
    try {
      const { reports } = await get("/public-reports?state=waiting");
      this.#draw(reports);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // it is asked again with the next event
    }
  }

  #draw(reports) {
    this.node.hidden = reports.length === 0;
    text(this.title, ngettext("%(n)s unconfirmed report", "%(n)s unconfirmed reports", reports.length));
    keyed(this.list, reports, {
      key: ({ id }) => id,
      create: (report) => {
        const row = new Row(report, { centre: this.centre, done: () => this.load() });
        this.rows.set(report.id, row);
        return row.node;
      },
      update: () => {},
    });
    const left = new Set(reports.map(({ id }) => id));
    for (const id of this.rows.keys()) if (!left.has(id)) this.rows.delete(id);
  }
}

/** Put the box above the queue, where such reports are taken. */
export function bringUnconfirmed(queue, { centre }) {
  if (!boot.public_reports || !may("incident.write")) return;
  queue.querySelector(".panel-head").after(new UnconfirmedBox({ centre }).node);
}
