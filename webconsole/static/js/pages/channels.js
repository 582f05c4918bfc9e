// The page of channels: which way works for whom, before it is needed.
import { ApiError, get, newKey, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _, loadMessages, ngettext } from "../core/i18n.js";
import { failureLabel } from "../core/labels.js";
import { gatewayKindLabel, reachedOutside } from "../deliveries/channel_labels.js";
import { ChannelTable } from "../deliveries/channel_table.js";
import { editContacts } from "../deliveries/contact_form.js";
import "../widgets/whole_words.js";

const EVERY_MS = 4000;
const MAY_EDIT = boot.roles.some((role) => ["administrator", "supervisor"].includes(role));

await loadMessages();

const main = document.getElementById("channels");
const said = el("p.said", { role: "status" });
const sum = el("p.sum");
const supervisor = el("section.side-block", { "aria-label": _("Supervisor") });
const gatewayList = el("section.side-block", { "aria-label": _("Gateways") });
const known = { gateways: [], supervisor: [] };

const table = new ChannelTable({ ring: (crew) => ring(crew), edit: MAY_EDIT ? (crew) => edit(crew) : null });
const all = el("button.primary", { type: "button", onclick: () => ringAll() }, _("Test-ring all on duty"));
fill(main, el("div.above", {}, sum, all), said, el("div.table-room", {}, table.node), el("div.side-blocks", {}, supervisor, gatewayList));

const reachedSentence = ({ told, of }) => (of ? _("%(n)s of %(all)s crews on duty can be told with their page closed.", { n: told, all: of }) : _("No crew is on duty."));

function contactLine(contact) {
  const failed = contact.failed_at !== null;
  const state = failed ? `✕ ${failureLabel(contact.failure)}` : contact.worked_at ? `✓ ${_("works")}` : `○ ${_("never tried")}`;
  return el("li", {}, `${contact.gateway_name} · ${contact.address} `, el("span.standing", { data: { standing: failed ? "failed" : contact.worked_at ? "works" : "untried" } }, state));
}

function gatewayLine(gateway) {
  const off = gateway.enabled ? null : ` ○ ${_("switched off")}`;
  const paused = gateway.paused_until ? el("span.standing", { data: { standing: "failed" } }, ` ✕ ${_("does not answer")}`) : null;
  return el("li", {}, `${gateway.name} (${gatewayKindLabel(gateway.kind)})`, off, paused);
}

function drawSide() {
  const none = el("p.why", {}, _("Nobody is called when no crew answers: set an address."));
  const change = MAY_EDIT ? el("button.quiet", { type: "button", onclick: () => editSupervisor() }, _("Addresses")) : null;
  const lines = el("ul", {}, known.supervisor.map(contactLine));
  fill(supervisor, el("h2", {}, _("Supervisor"), change), known.supervisor.length ? lines : none);
  const empty = el("p.why", {}, _("There is no gateway yet: nearcrew gateway add"));
  fill(gatewayList, el("h2", {}, _("Gateways")), known.gateways.length ? el("ul", {}, known.gateways.map(gatewayLine)) : empty);
}

async function load() {
  try {
    const [board, { gateways }] = await Promise.all([get("/channels"), get("/gateways")]);
    const side = JSON.stringify([known.gateways, known.supervisor]);
    Object.assign(known, { gateways, supervisor: board.supervisor });
    text(sum, reachedSentence(reachedOutside(board.crews)));
    table.draw(board.crews);
    if (side !== JSON.stringify([known.gateways, known.supervisor]) || !supervisor.firstChild) drawSide();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    text(said, error.message);
  }
}

async function asking(work, sentence) {
  try {
    const { deliveries } = await work();
    text(said, sentence(deliveries));
    await load();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    text(said, error.message);
  }
}

const ring = (crew) => asking(() => post(`/crews/${crew.crew_id}/test-ring`, { client_id: newKey() }), () => _("%(crew)s rings for trial; it confirms on its phone.", { crew: crew.crew_name }));

function ringAll() {
  const crews = (deliveries) => new Set(deliveries.map((each) => each.crew_id)).size;
  return asking(() => post("/test-rings", { client_id: newKey() }), (deliveries) => ngettext("One crew rings for trial.", "%(n)s crews ring for trial.", crews(deliveries)));
}

async function edit(crew) {
  const { contacts } = await get(`/crews/${crew.crew_id}/contacts`);
  editContacts({ title: _("Addresses of %(crew)s", { crew: crew.crew_name }), path: `/crews/${crew.crew_id}/contacts`, contacts, gateways: known.gateways, saved: load });
}

const editSupervisor = () => editContacts({ title: _("Addresses of the supervisor"), path: "/contacts/supervisor", contacts: known.supervisor, gateways: known.gateways, saved: load });

await load();
setInterval(() => document.hidden || load(), EVERY_MS);
