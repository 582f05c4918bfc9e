// "Another navigation app": a fold under an order with plain links, made when it is opened.
import { el, fill } from "../core/dom.js";
import { coordinates } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { linksTo } from "./other_apps.js";

const NAMES = {
  geo: () => _("Map app of this phone"),
  amap: () => _("Amap"),
  baidu: () => _("Baidu Maps"),
  google: () => _("Google Maps"),
  apple: () => _("Apple Maps"),
};

/** The fold for an order; `place()`: the phone's last fix, or null. */
export function appsFold({ incident }, place) {
  const links = el("div.app-links");
  const show = ({ target }) => {
    if (!target.open) return;
    const { lon, lat } = incident;
    const label = incident.address || coordinates(lon, lat);
    const found = linksTo({ lon, lat, label }, place(), { here: _("My position"), there: _("Incident") });
    fill(links, found.map(({ app, href }) => el("a.app-link", { href, data: { app }, rel: "noreferrer", target: href.startsWith("http") ? "_blank" : null }, NAMES[app]())));
  };
  return el("details.apps", { ontoggle: show }, el("summary", {}, _("Another navigation app")), links);
}
