// Paint rules of the base map, from the bottom up, in the colours of a palette.
/* global protomapsL */
import { OneWayArrows } from "../lettering/one_way_arrows.js";
import { LEVELS, isBridge, pile } from "./tile_sorting.js";

/** Widths in pixels by zoom of the map; between the stops they grow as the map does. */
const ROADS = [
  { group: "path", minzoom: 15, width: [[15, 0.9], [17, 1.6], [19, 3]], fill: "path", dash: [4, 2.5] },
  { group: "service", minzoom: 14, width: [[14, 0.6], [16, 2.4], [18, 7], [19, 12]], line: "minorLine", fill: "minor", casing: 15 },
  { group: "street", minzoom: 12, width: [[12, 0.5], [13, 1], [14, 2.2], [16, 6.5], [18, 16], [19, 26]], line: "minorLine", fill: "minor", casing: 14 },
  { group: "middle", minzoom: 11, width: [[11, 0.7], [13, 1.8], [14, 3.2], [16, 8], [18, 19], [19, 30]], line: "middleLine", fill: "middle", casing: 13 },
  { group: "major", minzoom: 9, width: [[9, 0.8], [12, 2], [14, 4.4], [16, 9.5], [18, 22], [19, 34]], line: "majorLine", fill: "major", casing: 11 },
  { group: "trunk", minzoom: 6, width: [[6, 0.8], [10, 2], [14, 5.2], [16, 10.5], [18, 24], [19, 36]], line: "trunkLine", fill: "trunk", casing: 10 },
];
const CASING = [[10, 0.8], [14, 1.2], [16, 1.6], [19, 2.4]]; // both sides together
const ARROWS_FROM = 16;

const LAND = {
  industry: ["industrial", "railway", "port", "utility", "military", "quarry", "construction", "brownfield"],
  civic: ["school", "sports"],
  medical: ["hospital"],
  sand: ["beach", "sand", "shingle"],
  rock: ["bare_rock", "scree"],
  paved: ["pedestrian", "parking", "apron", "runway", "taxiway", "aerodrome"],
  urban: ["residential", "commercial", "retail"],
};
const GREEN = { wood: ["forest"], pitch: ["pitch", "playground", "golf_course"], cemetery: ["cemetery"] };

/** A colour for each class, looked up once. */
function coloured(palette, kinds, otherwise) {
  const colours = new Map(Object.entries(kinds).flatMap(([colour, classes]) => classes.map((each) => [each, palette[colour]])));
  return (zoom, feature) => colours.get(feature?.props.class) ?? otherwise;
}

function areas(palette) {
  const { LineSymbolizer, PolygonSymbolizer, exp } = protomapsL;
  const isPier = (zoom, feature) => feature.props.class === "pier";
  return [
    { dataLayer: "landuse", filter: (zoom, feature) => !isPier(zoom, feature), symbolizer: new PolygonSymbolizer({ fill: coloured(palette, LAND, palette.land) }) },
    { dataLayer: "green", symbolizer: new PolygonSymbolizer({ fill: coloured(palette, GREEN, palette.green) }) },
    { dataLayer: "water", symbolizer: new PolygonSymbolizer({ fill: palette.water }) },
    { dataLayer: "landuse", filter: isPier, symbolizer: new PolygonSymbolizer({ fill: palette.land }) },
    {
      dataLayer: "waterways",
      minzoom: 11,
      filter: (zoom, feature) => !feature.props.tunnel,
      symbolizer: new LineSymbolizer({ color: palette.water, width: exp(1.4, [[11, 0.7], [15, 2], [18, 6]]), lineCap: "round", lineJoin: "round" }),
    },
    { dataLayer: "buildings", minzoom: 14, maxzoom: 15, symbolizer: new PolygonSymbolizer({ fill: palette.building }) },
    { dataLayer: "buildings", minzoom: 16, symbolizer: new PolygonSymbolizer({ fill: palette.building, stroke: palette.buildingLine, width: 0.7 }) },
  ];
}

function roads(palette, level, taken) {
  const { LineSymbolizer, exp } = protomapsL;
  const edge = exp(1, CASING);
  // A tunnel or bridge ends where it ends; streets on the ground run into each other.
  const lineCap = level === "ground" ? "round" : "butt";
  const casings = [];
  const fills = [];
  for (const { group, minzoom, width: stops, line, fill, casing, dash } of ROADS) {
    const dataLayer = pile("roads", level, group);
    const width = exp(1.5, stops);
    if (isBridge(level)) {
      casings.push({
        dataLayer,
        minzoom: Math.max(minzoom, 13),
        symbolizer: new LineSymbolizer({ color: palette.bridgeLine, width: (zoom) => width(zoom) + 1.6 * edge(zoom), lineJoin: "round" }),
      });
      if (!line) fills.push({ dataLayer, minzoom, symbolizer: new LineSymbolizer({ color: palette.land, width, lineJoin: "round" }) });
    } else if (line) {
      casings.push({
        dataLayer,
        minzoom: casing,
        symbolizer: new LineSymbolizer({
          color: level === "tunnel" ? palette.tunnelLine : palette[line],
          width: (zoom) => width(zoom) + edge(zoom),
          lineCap,
          lineJoin: "round",
          ...(level === "tunnel" ? { dash: [5, 4] } : {}),
        }),
      });
    }
    fills.push({
      dataLayer,
      minzoom,
      symbolizer: new LineSymbolizer({
        color: level === "tunnel" && line ? palette.tunnel : palette[fill],
        width,
        lineCap: dash ? "butt" : lineCap,
        lineJoin: "round",
        ...(dash ? { dash } : {}),
      }),
    });
  }
  const arrows = ROADS.filter(({ line }) => line).map(({ group, width }) => ({
    dataLayer: pile("roads", level, group),
    minzoom: ARROWS_FROM,
    filter: (zoom, feature) => feature.props.oneway === true,
    symbolizer: new OneWayArrows({ color: palette.arrow, width: exp(1.5, width), taken }),
  }));
  return [...casings, ...fills, ...arrows];
}

function rails(palette, level) {
  const { LineSymbolizer, exp } = protomapsL;
  const dataLayer = pile("rail", level);
  const width = exp(1.4, [[11, 0.7], [16, 2.2], [18, 3.4]]);
  if (level === "tunnel") {
    return [{ dataLayer, minzoom: 13, symbolizer: new LineSymbolizer({ color: palette.rail, opacity: 0.55, width: exp(1.4, [[13, 0.8], [18, 2]]), dash: [4, 4] }) }];
  }
  const bridge = { dataLayer, minzoom: 14, symbolizer: new LineSymbolizer({ color: palette.bridgeLine, width: (zoom) => width(zoom) + 3 }) };
  const bed = { dataLayer, minzoom: 14, symbolizer: new LineSymbolizer({ color: palette.land, width: (zoom) => width(zoom) + 1.4 }) };
  return [
    ...(isBridge(level) ? [bridge, bed] : []),
    { dataLayer, minzoom: 11, symbolizer: new LineSymbolizer({ color: palette.rail, width }) },
    { dataLayer, minzoom: 15, symbolizer: new LineSymbolizer({ color: palette.railGap, dash: [7, 7], width: (zoom) => width(zoom) - 1.2 }) },
  ];
}

/**
 * All rules, from the bottom up. Tunnels go over the buildings: a route in one is under no house.
 *
 * `taken(zoom, box)`: whether a name or sign stands in a box of the world's pixels.
 */
export function paintRules(palette, taken) {
  return [...areas(palette), ...LEVELS.flatMap((level) => [...roads(palette, level, taken), ...rails(palette, level)])];
}
