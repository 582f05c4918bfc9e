// Reads an archive of tiles as the server packs it: "NCT1", the ground, then tile after tile.

const MAGIC = 0x4e435431; // "NCT1"
const HEAD_BYTES = 12;
const TILE_BYTES = 14;

export class BrokenArchive extends Error {}

/** {groundId, tiles: [{key, body: Uint8Array, packed}]}; throws `BrokenArchive` for anything else. */
export function readArchive(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < HEAD_BYTES || view.getUint32(0) !== MAGIC) throw new BrokenArchive("no archive of tiles");
  const groundId = Number(view.getBigUint64(4));
  const tiles = [];
  for (let at = HEAD_BYTES; at < buffer.byteLength; ) {
    if (at + TILE_BYTES > buffer.byteLength) throw new BrokenArchive("cut off");
    const [z, x, y, packed, length] = [view.getUint8(at), view.getUint32(at + 1), view.getUint32(at + 5), view.getUint8(at + 9), view.getUint32(at + 10)];
    at += TILE_BYTES;
    if (at + length > buffer.byteLength) throw new BrokenArchive("cut off");
    tiles.push({ key: `${z}/${x}/${y}`, body: new Uint8Array(buffer.slice(at, at + length)), packed: packed === 1 });
    at += length;
  }
  return { groundId, tiles };
}
