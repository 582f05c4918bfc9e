// Half-filled forms of a phone, kept as one draft each: {name: value}.
import { draftOf, setDraft } from "../kept/drafts.js";

export function keptFields(name) {
  try {
    return JSON.parse(draftOf(name)) ?? {};
  } catch {
    return {};
  }
}

export const keepFields = (name, values) => setDraft(name, Object.keys(values).length ? JSON.stringify(values) : "");
