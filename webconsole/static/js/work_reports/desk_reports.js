// Reports of an incident's finished orders at the desk, with what the customer signed.
import { el, fill, keyed, svg } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { on, state } from "../core/store.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { Entries } from "../records/entry_list.js";
import { ReportSending } from "./report_sending.js";

const SIGNED = ["assignment.signed", "assignment.not_signed"];
const SENT = ["work_report.sent", "work_report.not_sent"];
const shownOrders = (incident) => (incident?.assignments ?? []).filter((order) => ["completed", "on_scene"].includes(order.state));

function drawn({ strokes, width, height, signer_name: name, refusal, signed_at: at }) {
  if (refusal) return el("p", {}, _("Not signed: %(why)s", { why: refusal }));
  if (!strokes) return el("p.no-picture", {}, _("Erased: kept long enough"));
  const label = _("Signed by %(who)s", { who: name });
  return el("figure.signed", {},
    svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, svg("path", { d: strokes, fill: "none" })),
    el("figcaption", {}, `${label} · ${clock(at, { seconds: false })}`));
}

class DeskReports {
  constructor(incidentId) {
    this.id = incidentId;
    this.signatures = new Map();
    this.list = el("ul.work-reports");
    this.entries = new Entries(incidentId, { name: "signatures", kinds: SIGNED, draw: (signatures) => this.#take(signatures) });
    this.stop = on("event", (event) => event.incident_id === incidentId && SENT.includes(event.kind) && this.#sent(event.assignment_id));
    this.node = el("div", {}, this.list, this.entries.failed);
  }

  close() {
    this.entries.stop();
    this.stop();
  }

  update() {
    this.#draw();
  }

  #take(signatures) {
    this.signatures = new Map(signatures.map((each) => [each.assignment_id, each]));
    this.#draw();
  }

  #sent(orderId) {
    this.list.querySelector(`[data-order-id="${orderId}"]`)?.sending?.load();
  }

  #draw() {
    keyed(this.list, shownOrders(state.incidents.get(this.id)), {
      key: (order) => `${order.id} ${order.state}`,
      create: (order) => this.#row(order),
      update: (row, order) => {
        const signature = this.signatures.get(order.id);
        const look = JSON.stringify(signature ?? null);
        if (row.signature.dataset.look === look) return;
        row.signature.dataset.look = look;
        fill(row.signature, signature ? drawn(signature) : el("p.told", {}, _("Not signed by the customer")));
      },
    });
  }

  #row(order) {
    const sending = order.state === "completed" ? new ReportSending(order.id, { look: "secondary.small" }) : null;
    sending?.load();
    const signature = el("div.signature");
    const row = el("li", { data: { orderId: order.id } }, el("p.entry-head", {}, order.crew_name), signature, sending?.node);
    return Object.assign(row, { sending, signature });
  }
}

addIncidentSection({
  id: "work-reports",
  order: 71,
  title: () => _("Report and signature"),
  when: (incident) => shownOrders(incident).length > 0,
  make: (id) => new DeskReports(id),
});
