// Photos of an incident: crews take them on scene, the desk may add those it was sent.
import { ApiError, newKey } from "../core/api.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { photoRefusalLabel } from "../core/labels.js";
import { state } from "../core/store.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { Entries } from "./entry_list.js";
import { ACCEPTED, sendPhoto } from "./photo_upload.js";
import { photoTitle, showPhotos } from "./photo_viewer.js";

const PHOTO_EVENTS = ["incident.photographed", "incident.photo_shown", "incident.photo_refused"];

class Photos {
  constructor(incidentId) {
    this.id = incidentId;
    this.shown = [];
    this.list = el("ul.thumbnails", { "aria-label": _("Photos") });
    this.sending = el("ul.sending");
    this.input = el("input.off-screen", { type: "file", accept: ACCEPTED, multiple: true, "aria-label": _("Add photos"), onchange: () => this.#add() });
    const choose = el("label.button-like", {}, this.input, el("span", { "aria-hidden": "true" }, _("Add photos")));
    this.entries = new Entries(incidentId, { name: "photos", kinds: PHOTO_EVENTS, draw: (photos) => this.#draw(photos) });
    this.node = el("div.photos", {}, this.list, this.entries.failed, this.sending, choose);
  }

  close() {
    this.entries.stop();
  }

  #draw(photos) {
    this.shown = photos.filter(({ state: how }) => how === "shown");
    keyed(this.list, photos, {
      key: (photo) => `${photo.id} ${photo.state}`,
      create: (photo) => (photo.state === "shown" ? this.#thumbnail(photo) : this.#withoutPicture(photo)),
      update: () => {},
    });
  }

  /** What stands in a picture's place until it has been checked, or when it is not shown. */
  #withoutPicture(photo) {
    const words = {
      received: () => _("Received, being checked"),
      refused: () => _("Not shown: %(why)s", { why: photoRefusalLabel(photo.refusal) }),
      erased: () => _("Erased: kept long enough"),
    }[photo.state]();
    return el("li", { data: { photoId: photo.id, state: photo.state } },
      el("p.no-picture", {}, words, " ", el("span.entry-head", {}, [photo.author, clock(photo.received_at, { seconds: false })].join(" · "))));
  }

  #thumbnail(photo) {
    const open = () => showPhotos(this.shown, this.shown.findIndex(({ id }) => id === photo.id), state.incidents.get(this.id) ?? null);
    return el("li", { data: { photoId: photo.id } },
      el("button.thumbnail", { type: "button", onclick: open },
        el("img", { src: photo.thumbnail_url, alt: photoTitle(photo), loading: "lazy" }),
        el("time", { datetime: photo.taken_at ?? photo.received_at }, clock(photo.taken_at ?? photo.received_at, { seconds: false }))));
  }

  #add() {
    for (const file of this.input.files) this.#send(file, newKey(), el("li"));
    this.input.value = "";
  }

  /** The file goes as it is: when and where it was taken stands in it. */
  async #send(file, clientId, row) {
    this.sending.append(row);
    fill(row, _("Sending %(name)s…", { name: file.name }));
    try {
      await sendPhoto(this.id, file, { clientId });
      row.remove();
      this.entries.refresh();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const why = el("span.form-error", { role: "alert" });
      text(why, `${file.name}: ${error.fields.photo ?? error.message}`);
      const again = error.later ? el("button.secondary.small", { type: "button", onclick: () => this.#send(file, clientId, row) }, _("Try again")) : null;
      fill(row, why, " ", again, el("button.quiet.small", { type: "button", "aria-label": _("Dismiss"), onclick: () => row.remove() }, "×"));
    }
  }
}

addIncidentSection({
  id: "photos",
  order: 60,
  title: () => _("Photos"),
  count: (incident) => incident.photos_count || null,
  make: (id) => new Photos(id),
});
