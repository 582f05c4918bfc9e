// A file of everything that could not be sent, to be handed to the desk by whatever way there is.
import { boot } from "../core/boot.js";
import { now } from "../core/clock.js";
import { saveFile } from "../core/save_file.js";
import { bodyOf } from "./transmit.js";

const CHUNK = 0x8000; // as many arguments as every browser takes

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

/** One action as it would be sent, with its photo or other file written out. */
async function written(action, outbox) {
  const { clientId, kind, says, at, method, path, about, state, why, field } = action;
  const blob = field ? await outbox.blobOf(action).catch(() => null) : null;
  const file = blob ? { field, type: blob.type, base64: await base64(blob) } : null;
  return { client_id: clientId, kind, says, at, method, path, about, state, why, body: bodyOf(action), file };
}

/** {name, content}: a JSON file of what is not sent. */
export async function rescueFile(outbox) {
  const madeAt = new Date(now()).toISOString();
  const actions = [];
  for (const action of outbox.unsent) actions.push(await written(action, outbox));
  const told = { made_at: madeAt, crew_id: outbox.crewId, crew: boot.display_name, actions };
  const name = `nearcrew-${outbox.crewId}-${madeAt.slice(0, 19).replace(/[:T]/g, "-")}.json`;
  return { name, content: new Blob([JSON.stringify(told, null, 1)], { type: "application/json" }) };
}

/** Whether this browser can hand such a file to another app. */
export function canShare() {
  const sample = new File(["{}"], "nearcrew.json", { type: "application/json" });
  return Boolean(navigator.canShare?.({ files: [sample] }));
}

/** Save it, or share it with another app. What was rescued stays in the outbox. */
export async function rescue(outbox, { share = false } = {}) {
  const file = await rescueFile(outbox);
  if (!share) return saveFile(file);
  try {
    await navigator.share({ files: [new File([file.content], file.name, { type: file.content.type })] });
  } catch (error) {
    if (error.name !== "AbortError") saveFile(file); // closed by hand: that is an answer
  }
  return undefined;
}
