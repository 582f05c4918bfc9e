// A place: longitude and latitude, typed, or chosen on a map that is loaded when somebody asks for it.
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";

const number = (id, name, spec) => el("input", { id, type: "number", inputmode: "decimal", step: "any", min: name === "lon" ? "-180" : "-90", max: name === "lon" ? "180" : "90", required: spec.required });

/** `name` is for people; to the API a place is called `lon` and `lat`. */
export function pointControl(spec, idOf) {
  const lon = number(idOf("lon"), "lon", spec);
  const lat = number(idOf("lat"), "lat", spec);
  const value = (control) => (control.value === "" ? null : control.valueAsNumber);
  const pick = el("button.secondary.small", { type: "button", onclick: async () => {
    const { pickPoint } = await import(boot.point_picker.script); // with a map, which most never need
    const at = value(lon) === null || value(lat) === null ? null : [value(lon), value(lat)];
    await pickPoint({ at, labels: { title: _("Choose on the map"), hint: _("Click where it is."), use: _("Take this place"), close: _("Close") }, chosen: (place) => {
      lon.value = place[0].toFixed(6);
      lat.value = place[1].toFixed(6);
      lon.dispatchEvent(new Event("input", { bubbles: true }));
    }, closed: () => pick.focus() });
  } }, _("Choose on the map"));
  const part = (control, name, label) => el("span.coordinate", {}, el("label", { for: control.id }, label), control, el("span.field-error", { id: `${control.id}-error`, data: { field: name } }));
  for (const control of [lon, lat]) control.setAttribute("aria-describedby", `${control.id}-error`);
  const body = el("div.point", {}, part(lon, "lon", _("Longitude")), part(lat, "lat", _("Latitude")), pick);
  return {
    control: lon,
    body,
    names: ["lon", "lat"],
    readAll: () => ({ lon: value(lon), lat: value(lat) }),
    writeAll: (record) => {
      lon.value = record.lon ?? "";
      lat.value = record.lat ?? "";
    },
  };
}
