// Canvas of all markers: a thousand elements of a page cost the browser more each second than
// drawing a thousand bitmaps does.
//
// Sources (crews, incidents) say what there is; the board clusters what would overlap, draws it, and
// knows what lies under a pointer. It follows the map by Leaflet's own events.
/* global L */
import { clustered } from "./clusters.js";
import { readInks } from "./inks.js";
import { withRoom } from "./name_tags.js";
import { Sprites } from "./sprites.js";

export const GLIDE_MS = 1000;
/** From here on names are written. */
export const NEAR_ZOOM = 15;
/** From here on nothing is joined: whoever came so near wants to see each. */
export const APART_ZOOM = 18;
const MARGIN_PX = 64; // drawn beyond the edge, so that half a marker never pops up there
// What lies closer together is joined: among streets, only what really hides each other.
const REACH_PX = { far: 34, near: 14 };
const LEAST_JOINED = 4;
const FRAME_MS = 33; // at most thirty pictures a second …
const SHARE = 12; // … and never more than a twelfth of the time, however many glide
const AGED_MS = 1200; // ages are written anew at least so often
const AROUND = 0.5; // views beyond each edge: what lies farther is neither joined nor named

export class MarkerBoard {
  constructor(map) {
    this.map = map;
    this.sources = [];
    this.shown = [];
    this.beyond = [];
    this.settledMs = -Infinity;
    this.named = new Map();
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.dirty = true;
    this.awaited = false;
    this.costMs = 0;
    this.drawnMs = 0;
    this.flying = false;
    this.#makeCanvas();
    this.#listen();
    this.#renew();
  }

  /**
   * Add what stands on the map. A source has `kind`, `marks(sprites)`: the marks as they are now,
   * in an order that does not depend on where they are, and `group(members, sprites)`: what stands
   * for many of them.
   *
   * A mark: {kind, id, wx, wy: where it is, from: where it comes from or null, rank: higher is
   * drawn later, sprite, tag: its name or number as sprites.js measures it, or null, solid: what no
   * other tag may cover, or nothing, solo: never joined, reach: {x, y, r}:
   * where a pointer finds it, dress(sprites): sets what of these the eye sees, or nothing where
   * that is set, name(), tip(), pick()}. A group the same, without what moves.
   */
  add(source) {
    this.sources.push(source);
    this.change();
    return source;
  }

  /** World coordinates of a place: pixels at zoom 0, whatever projection the map has. */
  world(lat, lon) {
    return this.map.project([lat, lon], 0);
  }

  /** Something is not as it was drawn. */
  change() {
    this.dirty = true;
    this.#soon();
  }

  /** Time has passed: what says an age is drawn anew, unless it just was. */
  age() {
    if (performance.now() - this.settledMs > AGED_MS) this.change();
  }

  /** What lies under a point of the map's element, topmost first. */
  at(point) {
    if (this.flying) return [];
    const found = [];
    for (const entry of this.shown) {
      const { x, y } = this.#onStage(entry);
      const { reach } = entry;
      if (Math.hypot(point.x - x - reach.x, point.y - y - reach.y) <= reach.r) found.unshift(entry);
    }
    return found;
  }

  /** Where a thing is seen: {x, y, joined} within the map's element; null where it is not. */
  whereIs(kind, id) {
    this.#settle();
    for (const entry of [...this.shown, ...this.beyond]) {
      const joined = entry.members?.some((member) => member.id === id) ?? false;
      if (entry.kind !== kind || (entry.id !== id && !joined)) continue;
      const { x, y } = this.#onStage(entry);
      return { x: x + entry.reach.x, y: y + entry.reach.y, joined };
    }
    return null;
  }

  /** What is drawn inside the view, with where: [{entry, x, y}]. */
  inView() {
    this.#settle();
    const size = this.map.getSize();
    return this.shown
      .map((entry) => ({ entry, ...this.#onStage(entry) }))
      .filter(({ x, y }) => x >= 0 && y >= 0 && x <= size.x && y <= size.y);
  }

  #makeCanvas() {
    const pane = this.map.createPane("board");
    pane.style.zIndex = 590; // over lines and areas, under pins that are dragged
    pane.style.pointerEvents = "none"; // found by arithmetic, see board_pointer.js
    this.canvas = document.createElement("canvas");
    this.canvas.className = "marker-board leaflet-zoom-animated";
    this.canvas.setAttribute("aria-hidden", "true"); // read out by mark_cursor.js
    this.pen = this.canvas.getContext("2d");
    pane.append(this.canvas);
  }

  #listen() {
    this.map.on("zoom viewreset resize move", () => {
      this.flying = false;
      this.#soon();
    });
    this.map.on("zoomend", () => {
      this.flying = false;
      this.dirty = true;
      this.#draw(); // at once: one picture at the new scale with the old places would be a jump
    });
    this.map.on("moveend", () => this.#isBeyond() && this.change());
    this.map.on("zoomanim", ({ center, zoom }) => this.#fly(center, zoom));
    document.addEventListener("themechange", () => this.#renew());
    document.addEventListener("visibilitychange", () => document.hidden || this.#soon());
  }

  /** Day became night, or the screen another one. */
  #renew() {
    this.dpr = window.devicePixelRatio || 1;
    this.sprites = new Sprites(readInks(), this.dpr);
    this.change();
  }

  /** Let the picture grow or shrink with the ground while Leaflet flies to another zoom. */
  #fly(centre, zoom) {
    if (!this.place) return;
    this.flying = true;
    const scale = this.map.getZoomScale(zoom, this.place.zoom);
    const half = this.map.getSize().divideBy(2);
    const pane = L.DomUtil.getPosition(this.map.getPane("mapPane"));
    const origin = this.map.project(centre, zoom).subtract(half).add(pane).round();
    const corner = this.place.corner.multiplyBy(scale).subtract(origin);
    L.DomUtil.setTransform(this.canvas, corner, scale);
  }

  #soon() {
    if (this.awaited) return;
    this.awaited = true;
    requestAnimationFrame(() => {
      this.awaited = false;
      this.#draw();
    });
  }

  /** Ask the sources again, if anything changed since. */
  #settle() {
    if (!this.dirty) return;
    this.dirty = false;
    this.settledMs = performance.now();
    const zoom = this.map.getZoom();
    const scale = this.map.getZoomScale(zoom, 0);
    const reach = zoom < NEAR_ZOOM ? REACH_PX.far : REACH_PX.near;
    const entries = [];
    const within = this.#reachOf(scale);
    this.within = within;
    this.beyond = [];
    for (const source of this.sources) {
      const joinable = [];
      for (const mark of source.marks(this.sprites)) {
        if (mark.wx < within.left || mark.wx > within.right || mark.wy < within.top || mark.wy > within.bottom) {
          this.beyond.push(mark);
          continue;
        }
        mark.dress?.(this.sprites);
        if (zoom >= APART_ZOOM || mark.solo) entries.push(mark);
        else joinable.push({ mark, x: mark.wx * scale, y: mark.wy * scale });
      }
      const { alone, groups } = clustered(joinable, { reach, least: LEAST_JOINED });
      for (const { mark } of alone) entries.push(mark);
      for (const { members, x, y } of groups) {
        const group = source.group(members.map(({ mark }) => mark), this.sprites);
        entries.push(Object.assign(group, { wx: x / scale, wy: y / scale, from: null, tag: null }));
      }
    }
    this.shown = entries.sort((a, b) => a.rank - b.rank);
    this.named = withRoom(entries, scale);
  }

  /** The view with as much again beyond each edge, in world coordinates. */
  #reachOf(scale) {
    const size = this.map.getSize();
    const corner = this.map.getPixelOrigin().add(this.map.containerPointToLayerPoint([0, 0]));
    const [left, top] = [corner.x - AROUND * size.x, corner.y - AROUND * size.y];
    const [right, bottom] = [corner.x + (1 + AROUND) * size.x, corner.y + (1 + AROUND) * size.y];
    return { left: left / scale, top: top / scale, right: right / scale, bottom: bottom / scale };
  }

  /** Whether the map was moved so far that more than half of what was made ready is used up. */
  #isBeyond() {
    if (!this.within) return false;
    const here = this.#reachOf(this.map.getZoomScale(this.map.getZoom(), 0));
    const width = (here.right - here.left) / (1 + 2 * AROUND);
    const height = (here.bottom - here.top) / (1 + 2 * AROUND);
    return Math.abs(here.left - this.within.left) > (width * AROUND) / 2 || Math.abs(here.top - this.within.top) > (height * AROUND) / 2;
  }

  /** Where a mark is now, in world coordinates; between two fixes it is on the way. */
  #now(entry) {
    const { from } = entry;
    if (!from) return entry;
    const part = (performance.now() - from.ms) / GLIDE_MS;
    if (part >= 1 || this.calm.matches) {
      entry.from = null;
      return entry;
    }
    const left = Math.min(1, Math.max(0, 1 - part));
    return { wx: entry.wx + (from.wx - entry.wx) * left, wy: entry.wy + (from.wy - entry.wy) * left };
  }

  /** Where it is in the map's element. */
  #onStage(entry) {
    const { wx, wy } = this.#now(entry);
    const scale = this.map.getZoomScale(this.map.getZoom(), 0);
    return this.map.layerPointToContainerPoint(L.point(wx * scale, wy * scale).subtract(this.map.getPixelOrigin()));
  }

  #draw() {
    if (this.flying || !this.map.getSize().x) return;
    // Nothing tells reliably that the window went to another screen; the board is drawn each second.
    if (this.dpr !== (window.devicePixelRatio || 1)) this.#renew();
    const began = performance.now();
    this.#settle();
    const { map, pen, dpr } = this;
    const size = map.getSize();
    const [width, height] = [size.x + 2 * MARGIN_PX, size.y + 2 * MARGIN_PX];
    const corner = map.containerPointToLayerPoint([-MARGIN_PX, -MARGIN_PX]).round();
    const origin = map.getPixelOrigin();
    this.place = { zoom: map.getZoom(), corner: corner.add(origin) };
    if (this.canvas.width !== Math.round(width * dpr) || this.canvas.height !== Math.round(height * dpr)) {
      this.canvas.width = Math.round(width * dpr);
      this.canvas.height = Math.round(height * dpr);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    } else {
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    }
    L.DomUtil.setTransform(this.canvas, corner, 1);
    const scale = map.getZoomScale(this.place.zoom, 0);
    const [left, top] = [this.place.corner.x, this.place.corner.y];
    const sharp = (value) => Math.round(value * dpr); // whole pixels of the screen: no blur
    let moving = false;
    this.sprites.refill();
    for (const entry of this.shown) {
      const { wx, wy } = this.#now(entry);
      const [x, y] = [wx * scale - left, wy * scale - top];
      if (x < -MARGIN_PX || y < -MARGIN_PX || x > width + MARGIN_PX || y > height + MARGIN_PX) continue;
      moving ||= entry.from !== null || entry.pulse === true;
      if (entry.pulse && !this.calm.matches) this.#pulse(x, y);
      const { sprite, tag } = entry;
      const spot = tag && this.named.get(entry);
      if (spot) this.sprites.drawTag(pen, tag, sharp(x + spot.dx), sharp(y + spot.dy));
      pen.drawImage(sprite.image, sharp(x + sprite.dx), sharp(y + sprite.dy));
    }
    if (this.sprites.spent) this.#soon(); // the names that are missing come with the next picture
    const now = performance.now();
    this.costMs = this.costMs ? 0.8 * this.costMs + 0.2 * (now - began) : now - began;
    if (moving && !this.calm.matches && !document.hidden) this.#later();
  }

  /** The next picture of what moves by itself. */
  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#soon(), Math.max(FRAME_MS, this.costMs * SHARE));
  }

  /** A crew that is being asked: rings go out from it. */
  #pulse(x, y) {
    const { pen, dpr } = this;
    const part = (performance.now() % 1600) / 1600;
    pen.save();
    pen.globalAlpha = 1 - part;
    pen.strokeStyle = this.sprites.inks["s-orange"];
    pen.lineWidth = 2 * dpr;
    pen.beginPath();
    pen.arc(x * dpr, y * dpr, (7 + 9 * part) * dpr, 0, Math.PI * 2);
    pen.stroke();
    pen.restore();
  }
}
