"use strict";

// Language and theme: as the reader last chose, else as the machine has it.
const root = document.documentElement;
const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a file without storage */ } };
const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };

function speak(language) {
  root.lang = root.dataset.lang = language;
  document.title = document.body.dataset[language];
  const button = document.getElementById("language");
  button.textContent = language === "zh" ? "English" : "中文";
  button.lang = language === "zh" ? "en" : "zh";
}
function light(theme) {
  root.dataset.theme = theme;
  dispatchEvent(new Event("theme"));
}
speak(remembered("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
light(remembered("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
document.getElementById("language").onclick = () => {
  speak(root.dataset.lang === "zh" ? "en" : "zh");
  remember("language", root.dataset.lang);
};
document.getElementById("theme").onclick = () => {
  light(root.dataset.theme === "dark" ? "light" : "dark");
  remember("theme", root.dataset.theme);
};
document.getElementById("print").onclick = () => print();

// Tables are sorted by their heads.
for (const table of document.querySelectorAll(".sortable")) {
  table.querySelectorAll("thead th").forEach((head, column) => {
    head.firstElementChild.onclick = () => {
      const up = head.ariaSort !== "ascending";
      table.querySelectorAll("thead th").forEach((other) => { other.ariaSort = null; });
      head.ariaSort = up ? "ascending" : "descending";
      const key = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent;
      const compare = head.classList.contains("n")
        ? (a, b) => (key(a) === "" ? Infinity : +key(a)) - (key(b) === "" ? Infinity : +key(b)) || 0
        : (a, b) => key(a).localeCompare(key(b), undefined, { numeric: true });
      const rows = [...table.tBodies[0].rows].sort(compare);
      table.tBodies[0].append(...(up ? rows : rows.reverse()));
    };
  });
}

// The map: each layer is drawn on tiles by ourselves. 50 000 markers of Leaflet would be slow.
const WORLD = 256;
const across = (lon) => WORLD * (lon + 180) / 360;
const down = (lat) => {
  const sine = Math.sin(lat * Math.PI / 180);
  return WORLD * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI));
};
async function unpacked(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const content = JSON.parse(await new Response(stream).text());
  const count = content.xy[0].length;
  content.x = new Float64Array(count);
  content.y = new Float64Array(count);
  let lon = 0, lat = 0;
  for (let at = 0; at < count; at += 1) {
    lon += content.xy[0][at];
    lat += content.xy[1][at];
    content.x[at] = across(lon * content.degrees);
    content.y[at] = down(lat * content.degrees);
  }
  delete content.xy;
  return boxed(content);
}
// A feature is some parts, a part some points: where each begins, and the box around each feature.
function boxed(content) {
  const { x, y, counts } = content;
  const parts = content.parts ?? new Array(counts.length).fill(1);
  content.partStart = [0];
  for (const count of counts) content.partStart.push(content.partStart.at(-1) + count);
  content.featureStart = [0];
  for (const count of parts) content.featureStart.push(content.featureStart.at(-1) + count);
  content.box = new Float64Array(4 * parts.length);
  for (let feature = 0; feature < parts.length; feature += 1) {
    let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    const last = content.partStart[content.featureStart[feature + 1]];
    for (let at = content.partStart[content.featureStart[feature]]; at < last; at += 1) {
      west = Math.min(west, x[at]); east = Math.max(east, x[at]);
      north = Math.min(north, y[at]); south = Math.max(south, y[at]);
    }
    content.box.set([west, north, east, south], 4 * feature);
  }
  return content;
}
function trace(context, content, feature, scale, left, top, closed) {
  for (let part = content.featureStart[feature]; part < content.featureStart[feature + 1]; part += 1) {
    for (let at = content.partStart[part]; at < content.partStart[part + 1]; at += 1) {
      const x = content.x[at] * scale - left, y = content.y[at] * scale - top;
      if (at === content.partStart[part]) context.moveTo(x, y); else context.lineTo(x, y);
    }
    if (closed) context.closePath();
  }
}
// Points as small as they must be to be told apart, greater as one comes nearer.
function radius(layer, zoom) {
  const most = layer.count > 5000 ? 2.6 : layer.count > 400 ? 3.6 : 6.5;
  return Math.min(8, most * Math.max(0.8, 1 + 0.22 * (zoom - layer.fitted)));
}
function drawTile(canvas, coords, size, paint) {
  const ratio = Math.min(2, devicePixelRatio || 1);
  canvas.width = canvas.height = size * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  paint(context, 2 ** coords.z, coords.x * size, coords.y * size, coords.z);
}
function* within(content, scale, left, top, size, margin) {
  const west = (left - margin) / scale, east = (left + size + margin) / scale;
  const north = (top - margin) / scale, south = (top + size + margin) / scale;
  const { box } = content;
  for (let feature = 0; feature < box.length / 4; feature += 1) {
    const at = 4 * feature;
    if (box[at] <= east && box[at + 2] >= west && box[at + 1] <= south && box[at + 3] >= north) yield feature;
  }
}
const Tiles = L.GridLayer.extend({
  initialize(paint, options) { this.paint = paint; L.setOptions(this, options); },
  createTile(coords) {
    const canvas = document.createElement("canvas");
    drawTile(canvas, coords, this.getTileSize().x, this.paint);
    return canvas;
  },
});
const style = (name) => getComputedStyle(root).getPropertyValue(name).trim();

function streetTiles(content) {
  return new Tiles((context, scale, left, top, zoom) => {
    const colours = ["", style("--street"), style("--street"), style("--street-main")];
    const widths = [0, zoom > 15 ? 1.6 : zoom > 13 ? 0.8 : 0.4, zoom > 13 ? 1.8 : 1, zoom > 13 ? 2.8 : 1.6];
    context.lineJoin = context.lineCap = "round";
    for (let width = 1; width <= 3; width += 1) {
      context.beginPath();
      for (const street of within(content, scale, left, top, WORLD, 4)) {
        if (content.width[street] === width) trace(context, content, street, scale, left, top, false);
      }
      context.strokeStyle = colours[width];
      context.lineWidth = widths[width];
      context.stroke();
    }
  }, { zIndex: 1, attribution: "© OpenStreetMap contributors (ODbL)" });
}
function layerTiles(layer, content, zIndex) {
  const colour = (feature) => layer.colours[content.class ? content.class[feature] : 0];
  return new Tiles((context, scale, left, top, zoom) => {
    const size = radius(layer, zoom);
    context.lineJoin = context.lineCap = "round";
    for (const feature of within(content, scale, left, top, WORLD, 12)) {
      context.beginPath();
      context.strokeStyle = context.fillStyle = colour(feature);
      if (layer.kind === "point") {
        const first = content.partStart[content.featureStart[feature]];
        const last = content.partStart[content.featureStart[feature + 1]];
        for (let at = first; at < last; at += 1) {
          const x = content.x[at] * scale - left, y = content.y[at] * scale - top;
          context.moveTo(x + size, y);
          context.arc(x, y, size, 0, 2 * Math.PI);
        }
        context.fill();
        if (layer.count <= 400) { context.strokeStyle = "#ffffff"; context.lineWidth = 1.5; context.stroke(); }
      } else if (layer.kind === "line") {
        context.lineWidth = layer.count > 2000 ? 2 : 3.5;
        trace(context, content, feature, scale, left, top, false);
        context.stroke();
      } else {
        trace(context, content, feature, scale, left, top, true);
        context.globalAlpha = 0.45;
        context.fill("evenodd");
        context.globalAlpha = 1;
        context.lineWidth = 1;
        context.stroke();
      }
    }
  }, { zIndex });
}
// Which feature is pointed at: the nearest point or line, or the area around.
function distance(content, feature, x, y, kind) {
  let best = Infinity, inside = false;
  for (let part = content.featureStart[feature]; part < content.featureStart[feature + 1]; part += 1) {
    const first = content.partStart[part], last = content.partStart[part + 1];
    for (let at = first; at < last; at += 1) {
      const before = at > first ? at - 1 : kind === "area" ? last - 1 : at;
      const ax = content.x[before], ay = content.y[before], bx = content.x[at], by = content.y[at];
      if ((ay > y) !== (by > y) && x < ax + (bx - ax) * (y - ay) / (by - ay)) inside = !inside;
      const long = (bx - ax) ** 2 + (by - ay) ** 2;
      const share = long ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / long)) : 0;
      best = Math.min(best, Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)));
    }
  }
  return kind === "area" ? (inside ? 0 : Infinity) : best;
}
function pointedAt(layer, content, point, zoom) {
  const scale = 2 ** zoom, reach = (layer.kind === "point" ? radius(layer, zoom) + 4 : 5) / scale;
  let found = -1, least = reach;
  for (const feature of within(content, scale, point.x, point.y, 0, reach * scale)) {
    const away = distance(content, feature, point.x / scale, point.y / scale, layer.kind);
    if (away <= least) { least = away; found = feature; }
  }
  return found;
}
const spoken = (text) => [["en", text.en], ["zh", text.zh]].map(([lang, words]) =>
  Object.assign(document.createElement("span"), { lang, textContent: words }));

function legendOf(layer, tiles, map) {
  const box = document.createElement("fieldset"), label = document.createElement("label");
  const tick = Object.assign(document.createElement("input"), { type: "checkbox", checked: layer.shown });
  tick.onchange = () => (tick.checked ? tiles.addTo(map) : tiles.remove());
  const title = document.createElement("span");
  title.append(...spoken(layer.title));
  const swatch = (colour) => {
    const mark = Object.assign(document.createElement("i"), { className: layer.kind });
    mark.style.background = colour;
    return mark;
  };
  label.append(tick, title);
  box.append(label);
  if (!layer.classes.length) { label.append(swatch(layer.colours[0])); return box; }
  const caption = document.createElement("p"), list = document.createElement("ul");
  caption.append(...spoken(layer.legend));
  layer.classes.forEach((name, number) => {
    if (!layer.sizes[number]) return;
    const item = document.createElement("li"), words = document.createElement("span");
    words.append(...spoken(name));
    item.append(swatch(layer.colours[number]), words,
      Object.assign(document.createElement("small"), { textContent: layer.sizes[number].toLocaleString("en") }));
    list.append(item);
  });
  box.append(caption, list);
  return box;
}
async function drawMap(about) {
  const [west, south, east, north] = about.bounds;
  const bounds = [[south, west], [north, east]];
  const map = L.map("map", { zoomSnap: 0.5, maxZoom: 19, minZoom: 2, attributionControl: false })
    .fitBounds(bounds, { padding: [12, 12], animate: false });
  L.control.attribution({ prefix: false }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const all = [];
  if (document.getElementById("streets")) all.push(streetTiles(await unpacked("streets")).addTo(map));
  const layers = [];
  for (const [number, layer] of about.layers.entries()) {
    layer.fitted = map.getZoom();
    const content = await unpacked(`layer-${number}`);
    const tiles = layerTiles(layer, content, number + 2);
    if (layer.shown) tiles.addTo(map);
    all.push(tiles);
    layers.unshift([layer, content, tiles]); // the uppermost first
    document.getElementById("legend").prepend(legendOf(layer, tiles, map));
  }
  const tip = L.tooltip({ direction: "top", offset: [0, -6], opacity: 1 });
  function tell(event) {
    const point = map.project(event.latlng);
    for (const [layer, content, tiles] of layers) {
      if (!map.hasLayer(tiles)) continue;
      const feature = pointedAt(layer, content, point, map.getZoom());
      if (feature < 0) continue;
      const said = document.createElement("div"), name = document.createElement("b");
      if (content.label) name.textContent = content.label[feature]; else name.append(...spoken(layer.title));
      said.append(name);
      if (content.value) {
        const value = content.value[feature], line = document.createElement("div");
        line.append(...spoken(layer.legend), ": ", ...(value === null ? spoken(layer.none) : [`${value}`]));
        said.append(line);
      }
      tip.setLatLng(event.latlng).setContent(said).addTo(map);
      return;
    }
    tip.remove();
  }
  map.on("mousemove click", tell);
  map.on("mouseout movestart", () => tip.remove());
  addEventListener("theme", () => { if (all.length) all[0].redraw(); });
  document.getElementById("map").dataset.ready = "yes";
}
const about = document.getElementById("about");
if (about) drawMap(JSON.parse(about.textContent));
