// Form of a zone: drawn on the map, named in both languages; saved, changed, removed.
import { boot } from "../core/boot.js";
import { ApiError, newKey } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, select, setMarking, state } from "../core/store.js";
import { field, showErrors } from "../widgets/form_fields.js";
import { noteToast } from "../widgets/toasts.js";
import { MOST_HANDLES, closed, cornersOf, opened } from "./zone_drawing.js";
import { ZONE_KINDS, removeZone, saveZone, zone as zoneOf, zoneLabel } from "./zones.js";

const SURE_MS = 5000;

export class ZoneForm {
  /** `id`: the zone to change; null for a new one. */
  constructor(id = null) {
    this.key = newKey();
    this.before = id === null ? null : zoneOf(id);
    this.node = this.#build();
    this.stop = on("marking", () => this.#marked());
    if (this.before) this.#show(this.before);
    else this.#again();
  }

  close() {
    this.stop();
    clearTimeout(this.sure);
  }

  #build() {
    const input = (name) => el("input", { id: `zone-${name}`, name, maxlength: boot.limits.name, autocomplete: "off" });
    this.inputs = { name: input("name"), name_zh: input("name_zh") };
    this.kind = el("select", { id: "zone-kind", name: "kind" }, ZONE_KINDS.map((kind) => el("option", { value: kind }, zoneLabel(kind))));
    this.how = el("p.place-line", { role: "status" });
    this.wrongPlace = el("span.field-error", { id: "zone-geometry-error", role: "alert" });
    this.again = el("button.secondary.small", { type: "button", onclick: () => this.#again() }, _("Draw again"));
    this.error = el("p.form-error", { role: "alert" });
    this.save = el("button.primary", { type: "submit" }, _("Save the zone"));
    this.remove = this.before ? el("button.quiet.danger", { type: "button", onclick: () => this.#remove() }, _("Remove")) : null;
    this.form = el(
      "form.pin-form.zone-form",
      { onsubmit: (event) => this.#submit(event) },
      this.how,
      this.wrongPlace,
      this.again,
      field(this.inputs.name, _("Name")),
      field(this.inputs.name_zh, _("Chinese name")),
      field(this.kind, _("Kind")),
      this.error,
      el("div.form-actions", {}, this.save, el("button.quiet", { type: "button", onclick: () => select("zones", this.before?.id ?? null) }, _("Cancel")), this.remove),
    );
    const heading = this.before ? _("Change the zone") : _("Draw a zone");
    return el("section.panel", {}, el("header.panel-head", {}, el("h2", {}, heading)), el("div.scroll", {}, this.form));
  }

  #show(zone) {
    this.before = zone;
    this.inputs.name.value = zone.name;
    this.inputs.name_zh.value = zone.name_zh;
    this.kind.value = zone.kind;
    setMarking({ kind: "zone", zoneId: zone.id, points: [], shape: opened(zone.geometry), done: true });
  }

  #again() {
    text(this.wrongPlace, "");
    setMarking({ kind: "zone", zoneId: this.before?.id ?? null, points: [], shape: [], done: false });
  }

  #marked() {
    const { marking } = state;
    if (marking?.kind !== "zone") return;
    const { points, shape, done } = marking;
    this.again.hidden = !done && points.length === 0;
    this.save.disabled = !done || this.busy;
    text(this.how, this.#advice(points.length, shape, done));
    if (done && this.drew === false && !this.before) this.inputs.name.focus();
    this.drew = done;
  }

  #advice(corners, shape, done) {
    if (!done) return corners < 3 ? _("Click the corners of the zone on the map.") : _("Enter or a double click ends; Esc begins anew.");
    const n = cornersOf(shape);
    return n > MOST_HANDLES
      ? _("%(n)s corners: too many to drag. Draw it again, or import it again.", { n })
      : _("%(n)s corners. Drag them; the dots between make new ones; Delete takes one out.", { n });
  }

  async #submit(event) {
    event.preventDefault();
    const { marking } = state;
    if (this.busy || !marking?.done) return;
    const fields = { name: this.inputs.name.value.trim(), name_zh: this.inputs.name_zh.value.trim(), kind: this.kind.value, geometry: closed(marking.shape) };
    if (this.before) fields.expected_version = this.before.version;
    await this.#attempt(async () => {
      const saved = await saveZone(fields, { id: this.before?.id ?? null, key: this.key });
      noteToast(_("The zone is saved."));
      select("zones", saved.id);
    });
  }

  /** What others fill their lists by does not go by a slip of the hand: it takes two clicks. */
  async #remove() {
    if (!this.sure) {
      this.sure = setTimeout(() => {
        this.sure = null;
        text(this.remove, _("Remove"));
      }, SURE_MS);
      text(this.remove, _("Remove it?"));
      return;
    }
    clearTimeout(this.sure);
    this.sure = null;
    text(this.remove, _("Remove"));
    await this.#attempt(async () => {
      await removeZone(this.before);
      noteToast(_("The zone is removed."));
      select("zones");
    });
  }

  async #attempt(act) {
    this.busy = true;
    this.save.disabled = true;
    showErrors(this.form, this.error, {});
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!error.offline) this.key = newKey();
      showErrors(this.form, this.error, error.fields, error.message);
      if (error.code === "zone_changed") this.#offer(error.problem.zone);
    } finally {
      this.busy = false;
      this.save.disabled = !state.marking?.done;
    }
  }

  /** Somebody else was faster: theirs, or go on and put this in its place. */
  #offer(theirs) {
    if (!theirs) return;
    this.error.append(
      " ",
      el("button.secondary.small", { type: "button", onclick: () => { fill(this.error); this.#show(theirs); } }, _("Take theirs")),
      " ",
      el("button.secondary.small", { type: "button", onclick: () => { fill(this.error); this.before = theirs; this.form.requestSubmit(); } }, _("Save mine over it")),
    );
  }
}
