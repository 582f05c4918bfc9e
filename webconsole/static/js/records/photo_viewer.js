// Photo viewer, as large as the window allows: arrow keys go on and back, Escape closes.
import { el, fill, text } from "../core/dom.js";
import { clock, coordinates, distance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { straightLine } from "../crs/geodesy.js";

/** When, who and where; `incident` may be null. */
export function photoFacts(photo, incident) {
  const when = photo.taken_at ? clock(photo.taken_at) : _("added %(time)s", { time: clock(photo.received_at) });
  const placed = typeof photo.lon === "number";
  const where = placed ? coordinates(photo.lon, photo.lat) : _("place unknown");
  const away = placed && incident ? _("%(distance)s from the incident", { distance: distance(straightLine([photo.lon, photo.lat], [incident.lon, incident.lat])) }) : "";
  return [when, photo.author, where, away].filter(Boolean);
}

/** What a photo shows, for those who cannot see it. */
export const photoTitle = (photo) => photo.caption || _("Photo by %(who)s", { who: photo.author });

/** Show `photos`, beginning with the one at `index`. Returns the dialog. */
export function showPhotos(photos, index, incident = null) {
  let at = index;
  const picture = el("img");
  const caption = el("p.photo-caption");
  const facts = el("p.photo-facts");
  const count = el("span.photo-count");
  const close = el("button.quiet.icon", { type: "button", "aria-label": _("Close the photos"), title: "Esc", onclick: () => dialog.close() }, "×");
  const step = (by, label, sign) => el("button.photo-step", { type: "button", "aria-label": label, title: label, onclick: () => show(at + by) }, sign);
  const back = step(-1, _("Previous photo"), "‹");
  const on = step(1, _("Next photo"), "›");
  const words = el("div.photo-words", { "aria-live": "polite" }, caption, facts);
  const dialog = el(
    "dialog.photo-viewer",
    {
      "aria-label": _("Photos"),
      onclose: () => dialog.remove(),
      onclick: (event) => event.target === dialog && dialog.close(),
      onkeydown: (event) => {
        // What is under the viewer has keys of its own; none of them is meant now.
        event.stopPropagation();
        const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: photos.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        show(to);
      },
    },
    el("div.photo-frame", {}, back, picture, on),
    el("footer.photo-foot", {}, words, count, close),
  );

  function show(wanted) {
    at = Math.min(photos.length - 1, Math.max(0, wanted));
    const photo = photos[at];
    picture.src = photo.url;
    picture.alt = photoTitle(photo);
    text(caption, photo.caption);
    fill(facts, photoFacts(photo, incident).join(" · "));
    text(count, _("%(n)s of %(all)s", { n: at + 1, all: photos.length }));
    back.disabled = at === 0;
    on.disabled = at === photos.length - 1;
  }

  document.body.append(dialog);
  show(at);
  dialog.showModal();
  close.focus();
  return dialog;
}
