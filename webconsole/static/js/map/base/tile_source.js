// Where our own map's tiles come from: the server, unless a page knows another place to look first.

let another = null;

/** `read`: (source, address, size) => layers of a tile, or a promise of that function; null: none. */
export const readTilesWith = (read) => (another = read);

/** A source that looks there. */
export const looking = (source) => ({
  get: async (address, size) => {
    const read = await another;
    return read ? read(source, address, size) : source.get(address, size);
  },
});
