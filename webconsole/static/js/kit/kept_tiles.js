// Tiles of the map from the phone: first what is kept, then the server, and without signal the next
// coarser tile that is kept, drawn larger.
/* global protomapsL */

const COARSEST = 10;

async function unpacked({ body, packed }) {
  if (!packed) return body;
  const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A part of a coarser tile's features, as if it were the tile asked for. */
export function enlarged(layers, { z, x, y }, coarser, size) {
  const times = 2 ** (z - coarser.z);
  const [left, top] = [(x - coarser.x * times) * size, (y - coarser.y * times) * size];
  const margin = size / 8;
  const isIn = ({ bbox }) =>
    bbox.maxX * times - left >= -margin && bbox.minX * times - left <= size + margin && bbox.maxY * times - top >= -margin && bbox.minY * times - top <= size + margin;
  const grown = (feature) => ({
    ...feature,
    geom: feature.geom.map((ring) => ring.map((point) => {
      const moved = point.clone();
      moved.x = point.x * times - left;
      moved.y = point.y * times - top;
      return moved;
    })),
    bbox: {
      minX: feature.bbox.minX * times - left, maxX: feature.bbox.maxX * times - left,
      minY: feature.bbox.minY * times - top, maxY: feature.bbox.maxY * times - top,
    },
  });
  return new Map([...layers].map(([name, features]) => [name, features.filter(isIn).map(grown)]));
}

/** What `readTilesWith` wants; `store`: the kept tiles, `groundId()`: of which ground the map is. */
export function keptTileReader(store, groundId) {
  // The library reads tiles only through its own sources; this one is given bytes.
  const parse = async (tile, address, size) => {
    const { buffer } = await unpacked(tile);
    return new protomapsL.PmtilesSource({ getZxy: async () => ({ data: buffer }) }, false).get(address, size);
  };
  const read = async ({ z, x, y }) => {
    try {
      await store.use(groundId());
      return store.has(`${z}/${x}/${y}`) ? await store.read(`${z}/${x}/${y}`) : null;
    } catch {
      return null; // storage is forbidden
    }
  };
  return async (source, address, size) => {
    const kept = await read(address);
    if (kept) return parse(kept, address, size);
    try {
      return await source.get(address, size);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      for (let z = address.z - 1; z >= COARSEST; z -= 1) {
        const coarser = { z, x: address.x >> (address.z - z), y: address.y >> (address.z - z) };
        const tile = await read(coarser);
        if (tile) return enlarged(await parse(tile, coarser, size), address, coarser, size);
      }
      throw error;
    }
  };
}
