// Links that open a place in another navigation app, each in the datum that the app expects: in China maps
// are drawn in shifted coordinates, and a place in WGS 84 would be some hundred metres off.
import { fromWgs84 } from "../crs/datum.js";

const PLACES = 6;
const SOURCE = "nearcrew";

/** [latitude, longitude] in a datum, as text. */
function latLon({ lon, lat }, datum) {
  const [x, y] = fromWgs84(lon, lat, datum);
  return [y.toFixed(PLACES), x.toFixed(PLACES)];
}

const query = (fields) => Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");

/** What follows the place in brackets must not end them. */
const bracketed = (label) => encodeURIComponent(label.replace(/[()]/g, " ").trim()).replaceAll("'", "%27");

function geo(to) {
  const [lat, lon] = latLon(to, "wgs84");
  return `geo:${lat},${lon}?q=${lat},${lon}${to.label ? `(${bracketed(to.label)})` : ""}`;
}

const google = (to) => `https://www.google.com/maps/dir/?${query({ api: 1, destination: latLon(to, "gcj02").join(","), travelmode: "driving" })}`;

const apple = (to) => `https://maps.apple.com/?${query({ daddr: latLon(to, "gcj02").join(","), dirflg: "d", ...(to.label ? { q: to.label } : {}) })}`;

function amap(to) {
  const [lat, lon] = latLon(to, "gcj02");
  // A comma would end the name.
  const name = to.label.replace(/[,，]/g, " ").trim();
  return `https://uri.amap.com/navigation?${query({ to: [lon, lat, name].filter(Boolean).join(","), mode: "car", coordinate: "gaode", callnative: 1, src: SOURCE })}`;
}

/** `latlng:…|name:…`, as Baidu names a place. */
const named = (place, name) => `latlng:${latLon(place, "bd09").join(",")}|name:${name.replaceAll("|", " ")}`;

/** A drive needs to know from where; without that the place is shown, and the app drives there. */
function baidu(to, from, words) {
  const common = { coord_type: "bd09ll", output: "html", src: SOURCE };
  const label = to.label || words.there;
  if (!from) return `https://api.map.baidu.com/marker?${query({ location: latLon(to, "bd09").join(","), title: label, content: label, ...common })}`;
  return `https://api.map.baidu.com/direction?${query({ origin: named(from, words.here), destination: named(to, label), mode: "driving", region: label, ...common })}`;
}

/**
 * The links to a place: [{app, href}]. `to`: {lon, lat, label}, `from`: {lon, lat} or null, in WGS 84;
 * `words`: {here, there}, how a place without a name is called.
 */
export function linksTo(to, from, words) {
  return [
    { app: "geo", href: geo(to) },
    { app: "amap", href: amap(to) },
    { app: "baidu", href: baidu(to, from, words) },
    { app: "google", href: google(to) },
    { app: "apple", href: apple(to) },
  ];
}
