// Links to download a replay as a file. Fetched by the page, so that a refusal is read here and not in
// a list of downloads.
import { ApiError, getFile } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { saveFile } from "../core/save_file.js";

const PATIENCE_MS = 120000;
const FORMATS = { gpx: "GPX", geojson: "GeoJSON" };

/** Offer a path of the API, "/exports/crews/7", in each format; `query` is the period. */
export function offerExports(node, path, query) {
  const said = el("span.form-error", { role: "alert" });
  const link = (format) => {
    const asked = `${path}?format=${format}&${query}`;
    return el("a.button-like", { href: `/api/v1${asked}`, download: "", onclick: (event) => fetched(event, asked, said) }, FORMATS[format]);
  };
  fill(node, el("span.export-word", {}, _("Export")), Object.keys(FORMATS).map(link), said);
}

async function fetched(event, asked, said) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a window of its own, as with any link
  event.preventDefault();
  const link = event.target;
  if (link.getAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  text(said, "");
  try {
    saveFile(await getFile(asked, { timeoutMs: PATIENCE_MS }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    text(said, error.whole);
  } finally {
    link.removeAttribute("aria-busy");
  }
}
