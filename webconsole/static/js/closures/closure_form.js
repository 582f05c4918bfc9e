// Form for a new road closure: mark the place on the map, enter period and reason, save.
import { boot } from "../core/boot.js";
import { ApiError, get, newKey } from "../core/api.js";
import { el, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, select, setMarking, state } from "../core/store.js";
import { field, showErrors } from "../widgets/form_fields.js";
import { close } from "./closures.js";

const KINDS = ["area", "road"];
const REASONS = () => [_("Pipe works"), _("Burst main"), _("Accident"), _("Flooding"), _("Fire"), _("Road works"), _("Public event")];

/** What `datetime-local` says is the desk's own time. */
const instant = (value) => (value ? new Date(value).toISOString() : undefined);

export class ClosingForm {
  constructor() {
    this.key = newKey();
    this.node = this.#build();
    this.stop = on("marking", () => this.#marked());
    this.#again();
  }

  close() {
    this.stop();
    this.abort?.abort();
  }

  #build() {
    this.kinds = el("div.segments", { role: "radiogroup", "aria-label": _("What is closed") },
      this.#choice("area", _("An area")), this.#choice("road", _("A stretch of road")));
    this.direction = el("select", { id: "closing-direction", name: "direction" },
      el("option", { value: "both" }, _("Both directions")),
      el("option", { value: "along" }, _("Only from 1 to 2")),
      el("option", { value: "against" }, _("Only from 2 to 1")));
    this.from = el("input", { id: "closing-from_at", name: "from_at", type: "datetime-local" });
    this.until = el("input", { id: "closing-until_at", name: "until_at", type: "datetime-local" });
    this.reason = el("input", { id: "closing-reason", name: "reason", maxlength: boot.limits.reason, autocomplete: "off", list: "closing-reasons" });
    this.how = el("p.place-line", { role: "status" });
    this.wrongPlace = el("span.field-error", { id: "closing-geometry-error", role: "alert" });
    this.again = el("button.secondary.small", { type: "button", onclick: () => this.#again() }, _("Redraw"));
    this.error = el("p.form-error", { role: "alert" });
    this.save = el("button.primary", { type: "submit" }, _("Close it"));
    this.directionField = field(this.direction, _("Direction"));
    this.form = el(
      "form.pin-form.closing-form",
      { onsubmit: (event) => this.#submit(event) },
      this.kinds,
      this.how,
      this.wrongPlace,
      this.again,
      this.directionField,
      el("div.pair", {}, field(this.from, _("From (empty: now)")), field(this.until, _("Until (empty: until it is lifted)"))),
      field(this.reason, _("Reason")),
      el("datalist", { id: "closing-reasons" }, REASONS().map((reason) => el("option", { value: reason }))),
      this.error,
      el("div.form-actions", {}, this.save, el("button.quiet", { type: "button", onclick: () => select("closures") }, _("Cancel"))),
    );
    return el("section.panel", {}, el("header.panel-head", {}, el("h2", {}, _("Close roads"))), el("div.scroll", {}, this.form));
  }

  #choice(kind, label) {
    const id = `closing-kind-${kind}`;
    const input = el("input", { type: "radio", name: "kind", id, value: kind, onchange: () => this.#again() });
    input.checked = kind === "area";
    return el("label.segment", { for: id }, input, el("span", {}, label));
  }

  #again() {
    text(this.wrongPlace, "");
    setMarking({ kind: this.form.elements.kind.value, points: [], done: false });
  }

  #marked() {
    const { marking } = state;
    if (!KINDS.includes(marking?.kind)) return;
    const { kind, points, done } = marking;
    this.directionField.hidden = kind !== "road";
    this.again.hidden = points.length === 0;
    this.save.disabled = !done || this.busy;
    text(this.how, this.#advice(kind, points.length, done));
    if (done && !this.wasDone) this.reason.focus();
    this.wasDone = done;
    if (kind === "road" && done && marking.line === undefined) this.#follow(points);
  }

  #advice(kind, corners, done) {
    if (done) return kind === "area" ? _("%(n)s corners are marked.", { n: corners }) : _("The road between 1 and 2 will be closed.");
    if (kind === "road") return corners ? _("Click where the closed stretch ends.") : _("Click on the road where the closed stretch begins.");
    return corners < 3 ? _("Click the corners of the area on the map.") : _("Enter or a double click ends; Esc begins anew.");
  }

  /** The two clicks become the road between them, before anything is saved. */
  async #follow(points) {
    this.abort?.abort();
    this.abort = new AbortController();
    const [from, to] = points.map((point) => point.map((degrees) => degrees.toFixed(7)).join(","));
    try {
      const feature = await get(`/closures/stretch?from=${from}&to=${to}`, { signal: this.abort.signal });
      if (state.marking?.points === points) setMarking({ ...state.marking, line: feature.geometry.coordinates });
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof ApiError)) throw error;
      if (state.marking?.points === points) showErrors(this.form, this.error, error.fields, error.message);
    }
  }

  async #submit(event) {
    event.preventDefault();
    const { marking } = state;
    if (this.busy || !marking?.done) return;
    this.busy = true;
    this.save.disabled = true;
    showErrors(this.form, this.error, {});
    const { kind, points } = marking;
    const geometry = kind === "area" ? { type: "Polygon", coordinates: [[...points, points[0]]] } : { type: "LineString", coordinates: points };
    const fields = { kind, geometry, reason: this.reason.value.trim(), from_at: instant(this.from.value), until_at: instant(this.until.value) };
    if (kind === "road") fields.direction = this.direction.value;
    try {
      await close(fields, this.key);
      select("closures");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // What was refused kept nothing; the next try is another request.
      if (!error.offline) this.key = newKey();
      showErrors(this.form, this.error, error.fields, error.message);
    } finally {
      this.busy = false;
      this.save.disabled = !state.marking?.done;
    }
  }
}
