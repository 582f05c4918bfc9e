// What must not be in one hand: roles that exclude each other, and matters that need two people.
import { ApiError, call } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { roleName } from "../people/role_names.js";
import { noteToast, refusalToast } from "../widgets/toasts.js";

const MATTERS = {
  swap: () => _("Swaps of shifts: who enters one may not approve it"),
  lending: () => _("Lending a crew: who asks may not approve it"),
  rules: () => _("Pledges and escalation chains: who changes one may not approve it"),
};

export function dutiesSection({ duties, roles, mayEdit }) {
  const node = el("section.duties");
  const names = new Map(roles.map((role) => [role.code, roleName(role)]));
  const nameOf = (code) => names.get(code) ?? code;

  async function store(path, body) {
    try {
      draw(await call("PUT", path, body));
      noteToast(_("Saved."));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusalToast(error.whole);
      draw(duties);
    }
  }

  const setPairs = (pairs) => store("/duties/exclusions", { pairs });

  function pairRow(pair, all) {
    const words = `${nameOf(pair.role)} – ${nameOf(pair.other)}`;
    const away = mayEdit ? el("button.secondary.small", { type: "button", "aria-label": `${_("Remove")}: ${words}`, onclick: () => setPairs(all.filter((each) => each !== pair)) }, _("Remove")) : null;
    return el("li", {}, words, " ", away);
  }

  function newPair(all) {
    const select = (label) => el("select", { "aria-label": label }, roles.map((role) => el("option", { value: role.code }, roleName(role))));
    const [one, other] = [select(_("One role")), select(_("The other role"))];
    other.selectedIndex = 1;
    return el("p", {}, one, " – ", other, " ", el("button.secondary.small", { type: "button", onclick: () => setPairs([...all, { role: one.value, other: other.value }]) }, _("Keep apart")));
  }

  function matterRow({ matter, demanded }) {
    const box = el("input", { type: "checkbox", checked: demanded, disabled: !mayEdit, onchange: () => store(`/duties/separations/${matter}`, { demanded: box.checked }) });
    return el("label.check", {}, box, el("span", {}, MATTERS[matter]?.() ?? matter));
  }

  function draw(told) {
    duties = told;
    fill(node,
      el("h2", {}, _("Two people for one matter")), told.separations.map(matterRow),
      el("h2", {}, _("Roles that one account may not have together")),
      told.exclusions.length ? el("ul", {}, told.exclusions.map((pair) => pairRow(pair, told.exclusions))) : el("p.told", {}, _("All roles may go together.")),
      mayEdit ? newPair(told.exclusions) : null);
  }

  draw(duties);
  return node;
}
