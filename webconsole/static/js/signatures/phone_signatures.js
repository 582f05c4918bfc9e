// The customer signs on the crew's phone: a button on scene, a screen of its own. What is half signed
// is kept through a reload; once an order has a signature, a newer one replaces it until its end.
import { ApiError, get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { emit } from "../core/store.js";
import { draftOf, readDrafts, setDraft } from "../kept/drafts.js";
import { outbox } from "../outbox/outbox.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { HEIGHT, SignaturePad, WIDTH } from "./signature_pad.js";

const draftName = (order) => `signature-${order.id}`;

function kept(order) {
  try {
    return JSON.parse(draftOf(draftName(order))) ?? {};
  } catch {
    return {};
  }
}

/** Keep what the customer signed under an order, or why not, until the desk has it. */
const addSignature = (order, said) =>
  outbox.put({
    kind: "signature",
    path: `/assignments/${order.id}/signature`,
    body: said,
    clock: "signed_at",
    about: { orderId: order.id, incidentId: order.incident.id },
    says: _("Signature"),
  });

/** The screen on which is signed. */
class SigningScreen {
  constructor(order, { keep, back }) {
    Object.assign(this, { order, keep });
    this.name = el("input", { maxlength: boot.limits.name, autocomplete: "off", "aria-label": _("Name of who signs"), placeholder: _("Name of who signs"), oninput: () => this.#changed() });
    this.pad = new SignaturePad({ label: _("Field to sign in"), changed: () => this.#changed() });
    this.clear = el("button.big", { type: "button", onclick: () => this.pad.show([]) }, _("Clear"));
    this.done = el("button.big.go", { type: "button", onclick: () => this.#keepSigned() }, _("Keep signature"));
    this.reason = el("textarea", { rows: "3", maxlength: boot.limits.reason, "aria-label": _("Why not?"), placeholder: _("Why not?"), oninput: () => this.#changed() });
    this.unsigned = el("button.big.go", { type: "button", onclick: () => this.keep({ refusal: this.reason.value.trim() }) }, _("Keep: not signed"));
    this.signing = [
      el("div.middle", {}, el("h2.title", {}, _("The customer signs")), this.name, this.pad.node),
      el("div.actions", {}, this.done, el("div.pair", {}, this.clear, el("button.big", { type: "button", onclick: () => this.#turn(true) }, _("Will not sign"))), el("button.big.plain", { type: "button", onclick: back }, _("Back"))),
    ];
    this.refusing = [
      el("div.middle", {}, el("h2.title", {}, _("The customer does not sign")), this.reason),
      el("div.actions", {}, this.unsigned, el("button.big.plain", { type: "button", onclick: () => this.#turn(false) }, _("Back"))),
    ];
    this.node = el("div.screen.signing-screen");
    const { name, strokes, reason } = kept(order);
    this.name.value = name ?? order.incident.caller_name ?? "";
    this.reason.value = reason ?? "";
    this.#turn(Boolean(reason));
    this.pad.show(strokes ?? []);
  }

  #turn(refuses) {
    fill(this.node, refuses ? this.refusing : this.signing);
  }

  #changed() {
    this.done.disabled = this.pad.empty || !this.name.value.trim();
    this.clear.disabled = this.pad.empty;
    this.unsigned.disabled = !this.reason.value.trim();
    setDraft(draftName(this.order), JSON.stringify({ name: this.name.value, strokes: this.pad.strokes, reason: this.reason.value }));
  }

  #keepSigned() {
    this.keep({ signer_name: this.name.value.trim(), strokes: this.pad.path, width: WIDTH, height: HEIGHT });
  }
}

class PhoneSignatures {
  constructor() {
    this.bars = new Map();
    this.open = null;
  }

  get screen() {
    return this.open && { key: `signature ${this.open.order.id}`, node: () => this.open.node };
  }

  barFor(order) {
    if (!this.bars.has(order.id)) {
      const button = el("button.big", { type: "button", data: { sign: "" }, onclick: () => this.#show(order) });
      const said = el("p.record-count", { role: "status" });
      this.bars.set(order.id, { button, said, node: el("section.crew-record.signature", { "aria-label": _("Signature") }, button, said) });
      this.#draw(order.id, null);
      this.#load(order);
    }
    return this.bars.get(order.id).node;
  }

  heard({ kind, incident_id: incidentId, data }) {
    if (!["assignment.signed", "assignment.not_signed"].includes(kind)) return;
    if (this.bars.has(data.assignment_id)) this.#load({ id: data.assignment_id, incident: { id: incidentId } });
  }

  async #show(order) {
    await readDrafts();
    const close = () => {
      this.open = null;
      emit("crew-part");
    };
    const keep = (said) => {
      addSignature(order, said);
      setDraft(draftName(order), "");
      this.#draw(order.id, { signer_name: "", refusal: null, ...said });
      close();
    };
    this.open = new SigningScreen(order, { keep, back: close });
    emit("crew-part");
  }

  async #load(order) {
    try {
      const { signatures } = await get(`/incidents/${order.incident.id}/signatures`);
      const waits = outbox.pending("signature").filter(({ about }) => about.orderId === order.id).at(-1);
      this.#draw(order.id, waits?.body ?? signatures.find((each) => each.assignment_id === order.id) ?? null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // without signal: what was known stays
    }
  }

  #draw(orderId, signature) {
    const { button, said } = this.bars.get(orderId);
    text(button, signature ? _("Sign anew") : _("Customer signs"));
    text(said, !signature ? "" : signature.refusal ? _("Not signed: %(why)s", { why: signature.refusal }) : _("Signed by %(who)s", { who: signature.signer_name }));
  }
}

/** Bring signatures to the crew's page. */
export function bringSignatures() {
  const signatures = new PhoneSignatures();
  addCrewPart({
    id: "signatures",
    order: 71,
    screen: () => signatures.screen,
    lines: (order) => (order.state === "on_scene" ? [signatures.barFor(order)] : []),
    heard: (event) => signatures.heard(event),
  });
}
