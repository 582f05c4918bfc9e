// Keeps the tiles of a protomaps layer complete while drawing is slow.
//
// The library draws a tile in several steps and gives up between them, without a word to Leaflet,
// when `lastRequestedZ` is another zoom. It sets that mark for every tile it draws, also for one of
// an older zoom that is drawn again (labels moved, day became night). Then the tiles of the zoom in
// view give up, Leaflet never hears that they are there, and never takes the old ones away: colours
// and names of two zooms lie over one another.

// Pictures are drawn one after the other, with a breath between: sixty of them drawn together would
// keep the page from answering for a fifth of a second.

const BREATH_MS = 4;
const waiting = [];
let drawing = false;

function next() {
  const go = waiting.shift();
  drawing = go !== undefined;
  if (!drawing) return;
  go();
  setTimeout(next, BREATH_MS);
}

/** Like a promise that each tile awaits, of whatever layer: kept to one after the other. */
const turn = {
  then(go) {
    return new Promise((done) => {
      waiting.push(done);
      if (!drawing) next();
    }).then(go);
  },
};

/** Let only tiles of the zoom in view be drawn, and none of them be given up; returns the layer. */
export function drawSteadily(layer) {
  const { renderTile, rerenderTile, _update: update } = layer;
  layer.tasks = [turn]; // awaited between fetching a tile and drawing it

  // The zoom that counts is the one Leaflet shows, whatever was drawn last.
  Object.defineProperty(layer, "lastRequestedZ", { get: () => layer._tileZoom, set: () => {} });

  layer.renderTile = async function render(coords, element, key, done = null) {
    // Whichever drawing of a new tile ends first tells Leaflet that it is there.
    element.tell ??= done;
    element.givenUp = null;
    let drawn = false;
    await renderTile.call(this, coords, element, key, () => {
      drawn = true;
      element.tell?.();
      element.tell = () => {};
    });
    // Left half-way for another zoom: drawn when the map comes back to its own.
    if (!drawn && element.key === key) element.givenUp = () => this.renderTile(coords, element, key);
  };

  layer.rerenderTile = function rerender(key) {
    if (Number(key.split(":")[2]) === this._tileZoom) rerenderTile.call(this, key);
  };

  layer.rerenderTiles = function rerenderAll() {
    for (const { el, coords } of Object.values(this._tiles)) {
      // Older ones are taken away as soon as those in view are there.
      if (coords.z === this._tileZoom) this.rerenderTile(el.key);
    }
  };

  layer._update = function updateTiles(...view) {
    update.apply(this, view);
    for (const { el, current } of Object.values(this._tiles)) if (current) el.givenUp?.();
  };
  return layer;
}
