// Standby points of a file: a table with columns for longitude and latitude, or GeoJSON. What cannot
// be read is said with its row; nothing is dropped in silence.
import { _ } from "../core/i18n.js";

const LON = ["lon", "lng", "long", "longitude", "x", "经度"];
const LAT = ["lat", "latitude", "y", "纬度"];
const NAME = ["name", "title", "label", "station", "名称"];
const LONGEST_NAME = 100;

/** A file that cannot be read; its message is a sentence. */
export class UnreadableFileError extends Error {}

const refuse = (message) => {
  throw new UnreadableFileError(message);
};

/** The cells of a table; quotes as in RFC 4180. The separator is that of the first line. */
export function cells(text) {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const separator = [";", "\t", ","].find((each) => first.includes(each)) ?? ",";
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') cell += text[(at += 1)];
      else quoted = false;
    } else if (letter === '"' && !cell) quoted = true;
    else if (letter === separator || letter === "\n") {
      rows.at(-1).push(cell.trim());
      cell = "";
      if (letter === "\n") rows.push([]);
    } else cell += letter;
  }
  rows.at(-1).push(cell.trim());
  return rows;
}

function place(lon, lat, where) {
  const [x, y] = [lon, lat].map((each) => (each === "" || each === null ? NaN : Number(each)));
  if (!Number.isFinite(x) || !Number.isFinite(y)) refuse(_("%(where)s: longitude and latitude must be numbers.", { where }));
  if (Math.abs(x) > 180 || Math.abs(y) > 90) refuse(_("%(where)s: %(lon)s, %(lat)s is no place in degrees, longitude first.", { where, lon: x, lat: y }));
  return { lon: x, lat: y };
}

function ofTable(text) {
  const [head, ...rows] = cells(text.replace(/^\uFEFF/, ""));
  const column = (names) => head.findIndex((each) => names.includes(each.toLowerCase()));
  const [lon, lat, name] = [LON, LAT, NAME].map(column);
  if (lon < 0 || lat < 0) refuse(_("The first line must name the columns lon and lat."));
  return rows
    .map((row, at) => ({ row, where: _("Row %(number)s", { number: at + 2 }) }))
    .filter(({ row }) => row.some(Boolean))
    .map(({ row, where }) => ({ name: (row[name] ?? "").slice(0, LONGEST_NAME), ...place(row[lon] ?? "", row[lat] ?? "", where) }));
}

function ofFeatures(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    refuse(_("The file is not valid JSON."));
  }
  if (!Array.isArray(content?.features)) refuse(_("The file is no GeoJSON FeatureCollection."));
  const crs = content.crs?.properties?.name;
  if (crs && !/CRS84|4326/.test(crs)) refuse(_("The file's coordinates are in %(crs)s; WGS 84 (EPSG:4326) is needed.", { crs }));
  return content.features.map((feature, at) => {
    const where = _("Feature %(number)s", { number: at + 1 });
    if (feature?.geometry?.type !== "Point") refuse(_("%(where)s is no point.", { where }));
    const found = NAME.map((each) => feature.properties?.[each]).find(Boolean) ?? "";
    const [lon, lat] = feature.geometry.coordinates ?? [];
    return { name: String(found).slice(0, LONGEST_NAME), ...place(lon ?? null, lat ?? null, where) };
  });
}

/** The points {name, lon, lat} of a file's text, at most `most`. */
export function readPoints(fileName, text, most) {
  const points = /\.(geo)?json$/i.test(fileName) ? ofFeatures(text) : ofTable(text);
  if (!points.length) refuse(_("The file has no points."));
  if (points.length > most) refuse(_("The file has %(count)s points; a plan has %(most)s at most.", { count: points.length, most }));
  return points;
}
