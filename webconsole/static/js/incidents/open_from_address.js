// An incident named in the page's address ("/?incident=12") is opened, also one that is long over.
import { ApiError, get } from "../core/api.js";
import { putIncident, select } from "../core/store.js";
import { noteToast } from "../widgets/toasts.js";

export async function openFromAddress() {
  const query = new URLSearchParams(location.search);
  const id = Number(query.get("incident"));
  if (!Number.isSafeInteger(id) || id < 1) return;
  query.delete("incident");
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
  try {
    putIncident(await get(`/incidents/${id}`));
    select("incident", id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    noteToast(error.message);
  }
}
