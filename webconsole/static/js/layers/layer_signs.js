// Symbols of the utility's layers: each kind has a shape of its own as well as a colour, and layers
// of one kind differ in their strokes. Drawn on tiles, and the same in the list.
/* global protomapsL */
import { svg } from "../core/dom.js";

const COLOURS = {
  mains: ["#6a3d9a", "#b99af0"],
  valves: ["#a83f00", "#ff9d5c"],
  stations: ["#00664b", "#4fd0a8"],
  districts: ["#8a3d6d", "#dd9cc0"],
  other: ["#4d5963", "#a9b5bf"],
};
/** Of the first, second, … layer of a kind; what is no pipe is never solid. */
const DASHES = [[], [9, 4], [2, 4], [10, 3, 2, 3]];
const HALO = { day: "rgb(255 255 255 / 85%)", night: "rgb(10 14 18 / 85%)" };

// In a box of 12 by 12 around the origin.
const POINTS = {
  valves: "M-6-4.5 6 4.5V-4.5L-6 4.5z",
  stations: "M-5-5H5V5H-5zM-2-2V2H2V-2z",
  mains: "M0-4.5A4.5 4.5 0 1 0 0 4.5 4.5 4.5 0 1 0 0-4.5z",
  districts: "M0-5.5 5.5 4.5h-11z",
  other: "M0-5.5 5.5 0 0 5.5-5.5 0z",
};

const isDark = () => document.documentElement.dataset.theme === "dark";
const NEAR = 16; // below, a network is a thin veil: streets, pins and crews are what one looks for
const VEIL = 0.45;
const POINT = 1;
const LINE = 2;
const AREA = 3;

/** {colour, dash, hollow, halo, point: path data} of a layer that is the `rank`th of its kind. */
export function lookOf(layer, rank) {
  const dark = isDark();
  const dash = layer.kind === "districts" ? [...DASHES[1 + (rank % 3)]] : DASHES[rank % DASHES.length];
  return {
    colour: layer.colour ?? COLOURS[layer.kind][Number(dark)],
    halo: dark ? HALO.night : HALO.day,
    dash,
    hollow: rank % 2 === 1,
    point: POINTS[layer.kind],
  };
}

/** The sign of a layer for lists. */
export function swatch(layer, rank) {
  const { colour, dash, hollow, point } = lookOf(layer, rank);
  const paint = hollow ? { fill: "none", stroke: colour, "stroke-width": 1.5 } : { fill: colour };
  const shapes = {
    points: () => svg("path", { d: point, transform: "translate(12 8)", "fill-rule": "evenodd", ...paint }),
    lines: () => svg("path", { d: "M1 8H23", stroke: colour, "stroke-width": 3, "stroke-dasharray": dash.join(" "), fill: "none" }),
    polygons: () => svg("rect", { x: 2, y: 2, width: 20, height: 12, rx: 1, fill: colour, "fill-opacity": 0.12, stroke: colour, "stroke-width": 1.5, "stroke-dasharray": dash.join(" ") }),
  };
  const draw = shapes[layer.shapes];
  return svg("svg", { viewBox: "0 0 24 16", class: "layer-swatch", "aria-hidden": "true" }, draw ? draw() : [shapes.lines(), shapes.points()]);
}

/** Points as signs, on canvas; faint dots from afar. */
class PointSign {
  constructor({ colour, halo, hollow, point }) {
    Object.assign(this, { colour, halo, hollow });
    this.path = new Path2D(point);
  }

  draw(context, geometry, zoom) {
    if (zoom < NEAR) {
      this.#dots(context, geometry, zoom < NEAR - 1 ? 0.8 : 1.4);
      return;
    }
    for (const [{ x, y }] of geometry) {
      context.save();
      context.translate(x, y);
      this.#sign(context, zoom >= 18 ? 1.25 : 1);
      context.restore();
    }
  }

  #sign(context, scale) {
    context.scale(scale, scale);
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = this.halo;
    context.stroke(this.path);
    context.fillStyle = this.hollow ? this.halo : this.colour;
    context.fill(this.path, "evenodd");
    if (!this.hollow) return;
    context.lineWidth = 1.5;
    context.strokeStyle = this.colour;
    context.stroke(this.path);
  }

  #dots(context, geometry, radius) {
    context.globalAlpha = VEIL;
    context.fillStyle = this.colour;
    for (const [{ x, y }] of geometry) context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    context.globalAlpha = 1;
  }
}

const only = (...types) => (zoom, feature) => types.includes(feature.geomType);

/** What is painted of a layer's tiles, from the bottom up. */
export function paintOf(look) {
  const { LineSymbolizer, PolygonSymbolizer, exp } = protomapsL;
  // Pipes lie under streets, whose names are read through them: no halo.
  const width = exp(1.3, [[8, 0.4], [12, 0.6], [15, 1], [16, 1.8], [19, 4.5]]);
  const opacity = (zoom) => (zoom < NEAR ? VEIL : 1);
  const line = (more) => new LineSymbolizer({ lineCap: "round", lineJoin: "round", ...more });
  const dashed = look.dash.length ? { dash: look.dash, dashColor: look.colour, dashWidth: width, lineCap: "butt" } : {};
  return [
    { dataLayer: "features", filter: only(AREA), symbolizer: new PolygonSymbolizer({ fill: look.colour, opacity: 0.08, stroke: look.colour, width: (zoom) => (zoom < NEAR ? 0.75 : 1.5) }) },
    { dataLayer: "features", filter: only(LINE), symbolizer: line({ color: look.colour, width, opacity, ...dashed }) },
    { dataLayer: "features", filter: only(POINT), symbolizer: new PointSign(look) },
  ];
}

const BESIDE_PX = 10; // a pipe's name is written beside it: in its middle stands the street's

/** What is written: names of lines from zoom 16, of points below them from 17. */
export function labelsOf(look, fontFamily) {
  const { CenteredTextSymbolizer, LineLabelSymbolizer, OffsetTextSymbolizer } = protomapsL;
  const ink = { labelProps: ["label"], fontFamily, fontSize: 11, fontWeight: 600, fill: look.colour, stroke: look.halo, width: 3 };
  return [
    { dataLayer: "features", minzoom: 17, filter: only(POINT), symbolizer: new OffsetTextSymbolizer({ ...ink, offsetY: 11 }) },
    { dataLayer: "features", minzoom: 16, filter: only(LINE), symbolizer: new LineLabelSymbolizer({ ...ink, offset: BESIDE_PX, repeatDistance: 300, maxLabelChars: 32 }) },
    { dataLayer: "features", minzoom: 15, filter: only(AREA), symbolizer: new CenteredTextSymbolizer({ ...ink, fontSize: 12 }) },
  ];
}
