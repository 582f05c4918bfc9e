// The board of trackers: which are heard, which are in trouble, and how a phone is set up.
import { ApiError, get, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _, loadMessages, ngettext } from "../core/i18n.js";
import { showRefused } from "../trackers/refused_list.js";
import { addTracker, showLink } from "../trackers/tracker_form.js";
import { TrackerTable } from "../trackers/tracker_table.js";
import "../widgets/whole_words.js";

const EVERY_MS = 10000;
const TICK_MS = 1000;
const PER_PAGE = 100;

await loadMessages();

const main = document.getElementById("trackers");
const asked = new URLSearchParams(location.search);
const wanted = { trouble: asked.get("trouble") ?? "", search: asked.get("search") ?? "", crew_id: asked.get("crew_id") ?? "", page: 1 };
const said = el("p.said", { role: "status" });
const sum = el("p.sum");
const table = new TrackerTable({
  test: boot.may_test ? (tracker) => doing(() => post(`/trackers/${tracker.id}/test`)) : null,
  refused: (tracker) => doing(() => showRefused(tracker), { reload: false }),
  issue: boot.may_keep ? (tracker) => reissue(tracker) : null,
  revoke: boot.may_keep ? (tracker) => revoke(tracker) : null,
});
const trouble = el("select", { "aria-label": _("Trouble"), onchange: () => ask({ trouble: trouble.value }) },
  [["", _("All trackers")], ["any", _("Any trouble")], ...Object.entries(boot.troubles)].map(([value, words]) => el("option", { value, selected: value === wanted.trouble }, words)));
const search = el("input", { type: "search", value: wanted.search, placeholder: _("Crew or tracker"), "aria-label": _("Search"), oninput: () => ask({ search: search.value }) });
const add = boot.may_keep ? el("button.primary", { type: "button", onclick: () => addTracker({ crewId: wanted.crew_id, added: load }) }, _("Add a tracker")) : null;
const back = el("button.secondary", { type: "button", onclick: () => ask({ page: wanted.page - 1 }) }, _("Back"));
const next = el("button.secondary", { type: "button", onclick: () => ask({ page: wanted.page + 1 }) }, _("Next"));
const pages = el("div.pages", { hidden: true }, back, next);
fill(main, el("div.above", {}, sum, el("div.filters", {}, trouble, search), add), said, el("div.table-room", {}, table.node), pages);

let number = 0;

function ask(changed) {
  Object.assign(wanted, { page: 1 }, changed);
  return load();
}

async function load() {
  const mine = (number += 1);
  const query = new URLSearchParams({ page: wanted.page, per_page: PER_PAGE });
  if (wanted.trouble === "any") query.set("in_trouble", "true");
  else if (wanted.trouble) query.set("trouble", wanted.trouble);
  if (wanted.search) query.set("search", wanted.search);
  if (wanted.crew_id) query.set("crew_id", wanted.crew_id);
  try {
    const { trackers, total, in_trouble: inTrouble } = await get(`/trackers?${query}`);
    if (mine !== number) return;
    text(sum, [ngettext("One tracker", "%(n)s trackers", total), inTrouble ? ngettext("one in trouble", "%(n)s in trouble", inTrouble) : _("none in trouble")].join(" · "));
    table.draw(trackers);
    pages.hidden = total <= PER_PAGE;
    back.disabled = wanted.page === 1;
    next.disabled = wanted.page * PER_PAGE >= total;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    text(said, error.message);
  }
}

async function doing(work, { reload = true } = {}) {
  try {
    const done = await work();
    text(said, "");
    if (reload) await load();
    return done;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    text(said, error.message);
    return null;
  }
}

const names = (tracker) => ({ crew: tracker.crew_name, name: tracker.name });

async function reissue(tracker) {
  if (!confirm(_("A new link for %(crew)s, %(name)s? The phone that has the old one is no longer heard.", names(tracker)))) return;
  const issued = await doing(() => post(`/trackers/${tracker.id}/issue`));
  if (issued) showLink(issued);
}

async function revoke(tracker) {
  if (!confirm(_("Take nothing more of %(crew)s, %(name)s? This cannot be undone.", names(tracker)))) return;
  await doing(() => post(`/trackers/${tracker.id}/revoke`));
}

await load();
setInterval(() => document.hidden || load(), EVERY_MS);
setInterval(() => document.hidden || table.tick(), TICK_MS);
