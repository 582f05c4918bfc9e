// Upload of photos: made small enough for a weak signal, sent as a form.
import { post } from "../core/api.js";

const LONGEST_PX = 1600; // enough to read a meter's plate, a quarter of what a camera gives
const SMALL_ENOUGH_BYTES = 600_000;
const QUALITY = 0.84;
const PATIENCE_MS = 120000;
/** What the file dialogue offers. HEIC goes to the server as it is where this browser cannot read it. */
export const ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif";

/**
 * The picture as a smaller JPEG; as it is where it is small already or this browser cannot read it
 * (then the server says what is wrong with it). When and where it was taken is no longer in the
 * smaller one: it is sent beside it.
 */
export async function shrunk(file) {
  if (file.size <= SMALL_ENOUGH_BYTES) return file;
  const bitmaps = [];
  try {
    bitmaps.push(await createImageBitmap(file));
    const [{ width, height }] = bitmaps;
    const size = width >= height ? { resizeWidth: Math.min(width, LONGEST_PX) } : { resizeHeight: Math.min(height, LONGEST_PX) };
    bitmaps.push(await createImageBitmap(bitmaps[0], { ...size, resizeQuality: "high" }));
    const [, small] = bitmaps;
    const canvas = new OffscreenCanvas(small.width, small.height);
    canvas.getContext("2d").drawImage(small, 0, 0);
    const jpeg = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
    return jpeg.size < file.size ? jpeg : file;
  } catch {
    return file;
  } finally {
    for (const bitmap of bitmaps) bitmap.close();
  }
}

/** Send one; `facts` may hold caption, taken_at, lon, lat. The same `clientId` is kept once. */
export function sendPhoto(incidentId, picture, { clientId, ...facts }) {
  const form = new FormData();
  form.append("client_id", clientId);
  for (const [name, value] of Object.entries(facts)) {
    if (value !== null && value !== undefined && value !== "") form.append(name, String(value));
  }
  form.append("photo", picture, "photo");
  return post(`/incidents/${incidentId}/photos`, form, { timeoutMs: PATIENCE_MS });
}
