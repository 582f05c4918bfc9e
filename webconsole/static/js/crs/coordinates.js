// Text forms of a position: as people read it out, paste it and type it into other programs.
import { fromWgs84, isShifted } from "./datum.js";

const PLACES = 6; // a decimetre

/** Latitude first, as telephones and maps write it. */
export const decimal = (lon, lat) => `${lat.toFixed(PLACES)}, ${lon.toFixed(PLACES)}`;

function angle(degrees, [positive, negative]) {
  const tenths = Math.round(Math.abs(degrees) * 36000); // of a second: three metres
  const two = (n) => String(n).padStart(2, "0");
  const seconds = `${two(Math.floor((tenths % 600) / 10))}.${tenths % 10}`;
  return `${Math.floor(tenths / 36000)}°${two(Math.floor((tenths % 36000) / 600))}'${seconds}"${degrees < 0 ? negative : positive}`;
}

/** Degrees, minutes and seconds: 43°44'15.0"N 7°25'10.0"E. */
export const sexagesimal = (lon, lat) => `${angle(lat, "NS")} ${angle(lon, "EW")}`;

/** Every spelling worth showing of a WGS 84 position: [{name, text}], the usual one first. */
export function spellings(lon, lat) {
  const found = [
    { name: "WGS 84", text: decimal(lon, lat) },
    { name: "", text: sexagesimal(lon, lat) },
  ];
  if (isShifted(lon, lat)) {
    found.push({ name: "GCJ-02", text: decimal(...fromWgs84(lon, lat, "gcj02")) });
    found.push({ name: "BD-09", text: decimal(...fromWgs84(lon, lat, "bd09")) });
  }
  return found;
}
