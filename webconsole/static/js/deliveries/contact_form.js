// The addresses of a crew, or of the supervisor, on the gateways: in the order in which they are tried.
import { ApiError, put } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { showDialog } from "../widgets/dialog.js";
import { gatewayKindLabel } from "./channel_labels.js";

const MOST = 10;

/** One address: which gateway, and what it knows it by. */
function line(contact, gateways, { removed, up }) {
  const options = gateways.map((each) => el("option", { value: each.id, selected: each.id === contact.gateway_id }, `${each.name} (${gatewayKindLabel(each.kind)})`));
  const gateway = el("select", { "aria-label": _("Gateway") }, options);
  const address = el("input", { type: "text", value: contact.address ?? "", maxlength: 200, autocomplete: "off", "aria-label": _("Number or name there") });
  const node = el("li.contact-line", {}, gateway, address,
    el("button.quiet.icon", { type: "button", "aria-label": _("Try earlier"), title: _("Try earlier"), onclick: () => up(node) }, "↑"),
    el("button.quiet.icon", { type: "button", "aria-label": _("Remove"), title: _("Remove"), onclick: () => removed(node) }, "×"));
  node.given = () => ({ channel: "gateway", gateway_id: Number(gateway.value), address: address.value.trim(), language: contact.language ?? null });
  return node;
}

/** `path`: of the contacts; `saved(contacts)` once they are. Pushes keep their place as the first. */
export function editContacts({ title, path, contacts, gateways, saved }) {
  const list = el("ol.contact-lines");
  const problem = el("p.field-error", { role: "alert" });
  const actions = {
    removed: (node) => node.remove(),
    up: (node) => node.previousElementSibling?.before(node),
  };
  const add = (contact = {}) => list.append(line(contact, gateways, actions));
  contacts.filter((each) => each.channel === "gateway").forEach(add);
  const more = el("button.quiet", { type: "button", onclick: () => list.children.length < MOST && add() }, _("Add an address"));

  async function save(event) {
    event.preventDefault();
    try {
      const answer = await put(path, { contacts: [...list.children].map((each) => each.given()) });
      dialog.close();
      saved(answer.contacts);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fill(problem, error.whole);
    }
  }
  const form = el("form.contact-form", { onsubmit: save },
    gateways.length ? el("p.why", {}, _("Tried from the top. Pushes to its phone come before all of them.")) : el("p.why", {}, _("There is no gateway yet: nearcrew gateway add")),
    list, problem,
    el("div.form-actions", {}, el("button.primary", { type: "submit" }, _("Save")), gateways.length ? more : null));
  const dialog = showDialog("contacts", { title, body: form });
}
