// Which street points are reached, as the server packs it, and how two variants differ.

/** Unpack base64 of bits, the first point highest, into one 0 or 1 a point. */
export function unpackBits(packed, count) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return Uint8Array.from({ length: count }, (_, at) => (bytes[at >> 3] >> (7 - (at & 7))) & 1);
}

/** The numbers of points that are reached now and were not, and the other way round. */
export function differences(before, after) {
  const gained = [];
  const lost = [];
  for (const [at, reached] of after.entries()) {
    if (reached && !before[at]) gained.push(at);
    if (!reached && before[at]) lost.push(at);
  }
  return { gained, lost };
}
