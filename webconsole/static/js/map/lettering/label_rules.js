// Label rules of the base map, the most important first: what comes first takes the space.
import { isChinese } from "../../core/i18n.js";
import { FONT } from "../base/palette.js";
import { pile } from "../base/tile_sorting.js";
import { font } from "./lettering.js";
import { SIGNS, signOf } from "./place_signs.js";
import { PointLabel } from "./point_label.js";
import { StreetLabel } from "./street_label.js";

/** The name as the reader reads it, else as it is written on the spot. */
const named = isChinese() ? ({ props }) => props.name_zh ?? props.name : ({ props }) => props.name_en ?? props.name;

const STREETS = { trunk: { minzoom: 13, size: 12 }, major: { minzoom: 13, size: 12 }, middle: { minzoom: 14, size: 11.5 }, street: { minzoom: 14, size: 11 }, service: { minzoom: 16, size: 10.5 }, path: { minzoom: 16, size: 10.5 } };
const SIGN_ZOOMS = { hospital: 14, fire_station: 14, station: 14, water_works: 14, heating_plant: 14, power_plant: 14, gas: 14, wastewater: 14, police: 15, substation: 15, pumping_station: 15, water_tower: 15, school: 16, clinic: 16 };
const NAMED_FROM = 15; // signs stand alone farther out

export function labelRules(palette) {
  const letters = { family: FONT, halo: palette.halo, text: named };
  const place = (kind, minzoom, maxzoom, look) => ({
    dataLayer: pile("places", kind),
    minzoom,
    maxzoom,
    symbolizer: new PointLabel({ ...letters, fill: palette.place, most: 16, margin: 4, ...look }),
  });
  const street = (group, fill) => {
    const { minzoom, size } = STREETS[group];
    const face = font({ size, weight: 500, family: FONT });
    return { dataLayer: pile("road_names", group), minzoom, symbolizer: new StreetLabel({ face, size, fill, halo: palette.halo, text: named }) };
  };
  const sign = (kind) => {
    const mark = signOf(kind, palette);
    const look = { ...letters, fill: mark.ground, size: 11, weight: 500, most: 20, sign: mark, needsName: false };
    const from = SIGN_ZOOMS[kind];
    const bare = { ...look, text: () => undefined };
    return [
      ...(from < NAMED_FROM ? [{ dataLayer: pile("pois", kind), minzoom: from, maxzoom: NAMED_FROM - 1, symbolizer: new PointLabel(bare) }] : []),
      { dataLayer: pile("pois", kind), minzoom: Math.max(from, NAMED_FROM), symbolizer: new PointLabel(look) },
    ];
  };
  const early = (kind) => SIGN_ZOOMS[kind] === 14;
  return [
    place("city", 6, 14, { size: 18, weight: 600 }),
    place("town", 9, 15, { size: 14.5, weight: 600 }),
    place("village", 11, 16, { size: 13, weight: 600 }),
    ...SIGNS.filter(early).flatMap(sign),
    place("suburb", 12, 16, { size: 11.5, weight: 600, fill: palette.suburb, upper: true, spacing: 0.9, most: 14 }),
    street("trunk", palette.text),
    street("major", palette.text),
    ...SIGNS.filter((kind) => !early(kind)).flatMap(sign),
    street("middle", palette.text),
    place("neighbourhood", 14, 17, { size: 11.5, weight: 500, fill: palette.suburb, most: 14 }),
    { dataLayer: pile("pois", "park"), minzoom: 15, symbolizer: new PointLabel({ ...letters, size: 11, weight: 500, style: "italic", fill: palette.greenText, most: 16 }) },
    { dataLayer: pile("pois", "square"), minzoom: 16, symbolizer: new PointLabel({ ...letters, size: 11, weight: 500, fill: palette.textMinor, most: 16 }) },
    { dataLayer: "waterways", minzoom: 14, symbolizer: new StreetLabel({ face: font({ size: 11.5, weight: 500, style: "italic", family: FONT }), size: 11.5, fill: palette.waterText, halo: palette.halo, text: named, repeat: 500 }) },
    street("street", palette.textMinor),
    place("locality", 15, 18, { size: 11, weight: 500, style: "italic", fill: palette.suburb }),
    street("service", palette.textMinor),
    street("path", palette.textMinor),
    {
      dataLayer: "housenumbers",
      minzoom: 18,
      symbolizer: new PointLabel({ family: FONT, size: 10.5, weight: 500, fill: palette.number, halo: palette.halo, most: 14, apart: 4, text: ({ props }) => props.number }),
    },
  ];
}
