// How the ground is drawn: our own rules for our own tiles, in day and night colours.
/* global protomapsL */
import { DAY, FONT, NIGHT } from "./palette.js";

const is = (...classes) => (zoom, feature) => classes.includes(feature.props.class);
const bridge = (feature) => feature.props.bridge === true;
const tunnel = (feature) => feature.props.tunnel === true;

/** Widths in pixels by zoom; between the stops they grow as the map does. */
const GROUPS = [
  { id: "path", classes: ["path", "track"], minzoom: 15, width: [[15, 0.8], [17, 1.6], [19, 3]], line: null, fill: "path", dash: [3, 2] },
  { id: "minor", classes: ["service"], minzoom: 14, width: [[14, 0.6], [16, 2.6], [18, 7], [19, 12]], line: "minorLine", fill: "minor" },
  { id: "street", classes: ["residential"], minzoom: 12, width: [[12, 0.6], [14, 2.2], [16, 6], [18, 15], [19, 24]], line: "minorLine", fill: "minor" },
  { id: "middle", classes: ["tertiary"], minzoom: 11, width: [[11, 0.8], [14, 3.2], [16, 7.5], [18, 18], [19, 28]], line: "middleLine", fill: "middle" },
  { id: "major", classes: ["secondary", "primary"], minzoom: 9, width: [[9, 0.8], [12, 2], [14, 4.2], [16, 9], [18, 21], [19, 32]], line: "majorLine", fill: "major" },
  { id: "trunk", classes: ["trunk", "motorway"], minzoom: 6, width: [[6, 0.8], [10, 2], [14, 5], [16, 10], [18, 23], [19, 34]], line: "trunkLine", fill: "trunk" },
];

function roadRules(palette, level) {
  const { LineSymbolizer, exp } = protomapsL;
  const levels = {
    tunnel: (feature) => tunnel(feature),
    ground: (feature) => !tunnel(feature) && !bridge(feature),
    bridge: (feature) => !tunnel(feature) && bridge(feature),
  };
  const here = levels[level];
  const casings = [];
  const fills = [];
  for (const group of GROUPS) {
    const width = exp(1.5, group.width);
    const filter = (zoom, feature) => group.classes.includes(feature.props.class) && here(feature);
    const ends = level === "ground" ? "round" : "butt";
    if (group.line) {
      casings.push({
        dataLayer: "roads",
        minzoom: Math.max(group.minzoom, 12),
        filter,
        symbolizer: new LineSymbolizer({
          color: palette[group.line],
          width: (zoom) => width(zoom) + (zoom >= 16 ? 2 : 1.2),
          lineCap: level === "ground" ? "round" : "butt",
          lineJoin: "round",
          ...(level === "tunnel" ? { dash: [5, 3] } : {}),
        }),
      });
    }
    fills.push({
      dataLayer: "roads",
      minzoom: group.minzoom,
      filter,
      symbolizer: new LineSymbolizer({
        color: level === "tunnel" && group.line ? palette.tunnel : palette[group.fill],
        opacity: level === "tunnel" ? 0.75 : 1,
        width,
        lineCap: group.dash ? "butt" : ends,
        lineJoin: "round",
        ...(group.dash ? { dash: group.dash } : {}),
      }),
    });
  }
  return [...casings, ...fills];
}

function paintRules(palette) {
  const { LineSymbolizer, PolygonSymbolizer, exp } = protomapsL;
  const area = (dataLayer, fill, extra = {}) => ({
    dataLayer,
    symbolizer: new PolygonSymbolizer({ fill }),
    ...extra,
  });
  return [
    area("landuse", palette.landuse),
    area("landuse", palette.industry, { filter: is("industrial", "railway", "commercial", "retail", "port", "utility", "military", "quarry", "construction", "brownfield") }),
    area("green", palette.green),
    area("water", palette.water),
    area("landuse", palette.land, { filter: is("pier") }),
    {
      dataLayer: "waterways",
      minzoom: 11,
      filter: (zoom, feature) => !tunnel(feature),
      symbolizer: new LineSymbolizer({ color: palette.water, width: exp(1.4, [[11, 0.7], [15, 2], [18, 6]]), lineCap: "round", lineJoin: "round" }),
    },
    {
      dataLayer: "buildings",
      minzoom: 14,
      symbolizer: new PolygonSymbolizer({ fill: palette.building, stroke: palette.buildingLine, width: (zoom) => (zoom >= 16 ? 0.7 : 0) , perFeature: true }),
    },
    // Over the buildings: a route through a tunnel must not seem to run through houses.
    ...roadRules(palette, "tunnel"),
    ...roadRules(palette, "ground"),
    {
      dataLayer: "rail",
      minzoom: 11,
      filter: (zoom, feature) => !tunnel(feature),
      symbolizer: new LineSymbolizer({ color: palette.rail, width: exp(1.4, [[11, 0.7], [16, 2], [18, 3]]) }),
    },
    {
      dataLayer: "rail",
      minzoom: 15,
      filter: (zoom, feature) => !tunnel(feature),
      symbolizer: new LineSymbolizer({ color: palette.land, dash: [6, 6], dashColor: palette.land, dashWidth: 1, width: 1 }),
    },
    ...roadRules(palette, "bridge"),
  ];
}

const PLACE_SIZE = { city: 17, town: 15, suburb: 13, village: 13, neighbourhood: 12, locality: 11 };
const PLACE_FROM = { city: 6, town: 9, suburb: 12, village: 11, neighbourhood: 14, locality: 15 };
const PLACE_UNTIL = { city: 14, town: 15, suburb: 16, village: 16, neighbourhood: 17, locality: 18 };

function labelRules(palette) {
  const { CenteredTextSymbolizer, LineLabelSymbolizer } = protomapsL;
  const rules = Object.keys(PLACE_SIZE).map((kind) => ({
    dataLayer: "places",
    minzoom: PLACE_FROM[kind],
    maxzoom: PLACE_UNTIL[kind],
    filter: (zoom, feature) => feature.props.kind === kind,
    symbolizer: new CenteredTextSymbolizer({
      labelProps: ["name"],
      fontFamily: FONT,
      fontSize: PLACE_SIZE[kind],
      fontWeight: ["city", "town"].includes(kind) ? 600 : 500,
      fill: ["city", "town"].includes(kind) ? palette.place : palette.text,
      stroke: palette.halo,
      width: 3,
      lineHeight: 1.2,
      maxLineChars: 16,
    }),
  }));
  const streets = (dataLayer, minzoom, size, fill, classes) => ({
    dataLayer,
    minzoom,
    filter: (zoom, feature) => Boolean(feature.props.name) && (!classes || classes.includes(feature.props.class)),
    symbolizer: new LineLabelSymbolizer({
      labelProps: ["name"],
      fontFamily: FONT,
      fontSize: size,
      fontWeight: 500,
      fill,
      stroke: palette.halo,
      width: 3,
      position: 2,
      repeatDistance: 320,
      maxLabelChars: 48,
    }),
  });
  rules.push(streets("road_names", 13, 12, palette.text, ["motorway", "trunk", "primary", "secondary"]));
  rules.push(streets("road_names", 14, 11.5, palette.text, ["tertiary"]));
  rules.push(streets("road_names", 15, 11, palette.textMinor, null));
  return rules;
}

/** The base-map layer; `setDark(dark)` repaints it from tiles already here. */
export function groundLayer({ url, dark, bounds }) {
  const palette = (night) => (night ? NIGHT : DAY);
  const layer = protomapsL.leafletLayer({
    url,
    attribution: "",
    maxDataZoom: 15,
    maxZoom: 19,
    noWrap: true,
    bounds,
    paintRules: paintRules(palette(dark)),
    labelRules: labelRules(palette(dark)),
    backgroundColor: palette(dark).land,
    tileDelay: 1,
  });
  layer.setDark = (night) => {
    layer.paintRules = paintRules(palette(night));
    layer.labelRules = labelRules(palette(night));
    layer.backgroundColor = palette(night).land;
    layer.clearLayout();
    layer.rerenderTiles();
  };
  return layer;
}
