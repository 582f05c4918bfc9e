// Upload of photos: made small enough for a weak signal, sent as a form.
import { post } from "../core/api.js";

const LONGEST_PX = 2048; // the server keeps no more
const SMALL_ENOUGH_BYTES = 1_500_000;
const QUALITY = 0.86;
const PATIENCE_MS = 120000;
/** What the file dialogue offers. Phones turn their own formats into one of these. */
export const ACCEPTED = "image/jpeg,image/png,image/webp";

/**
 * The picture as a smaller JPEG; as it is where it is small already or this browser cannot read it
 * (then the server says what is wrong with it).
 */
export async function shrunk(file) {
  if (file.size <= SMALL_ENOUGH_BYTES) return file;
  let bitmap = null;
  try {
    bitmap = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_PX / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return small && small.size < file.size ? small : file;
  } catch {
    return file;
  } finally {
    bitmap?.close();
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
