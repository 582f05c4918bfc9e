// Handing over: which orders, to whom, and one confirmation.
import { ApiError, newKey, post } from "../core/api.js";
import { el, text } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { assignmentState, dutyLabel, kindName, say } from "../core/labels.js";
import { state } from "../core/store.js";
import { showDialog } from "../widgets/dialog.js";
import { noteToast } from "../widgets/toasts.js";

const KEPT = {
  on_scene: () => _("the crew is on scene"),
  already_sent: () => _("the other crew is sent there already"),
  new: () => _("the order is new"),
};

function orderRow(order) {
  const onScene = order.state === "on_scene";
  const box = el("input", { type: "checkbox" });
  box.checked = !onScene;
  const words = [`#${order.incident_id} ${kindName(order.kind)}`, order.address, assignmentState(order.state), onScene ? _("stays unless you tick it") : ""].filter(Boolean).join(" · ");
  return { order, box, onScene, node: el("li", {}, el("label", {}, box, el("span", {}, words))) };
}

/** Who comes in first, then every other crew on duty. */
function crewChoice({ crew_id: leaving, incoming }) {
  const first = incoming.map(({ crew_id, crew_name, duty }) => [crew_id, duty === "on_duty" ? crew_name : `${crew_name} (${dutyLabel(duty)})`]);
  const known = new Set([leaving, ...incoming.map(({ crew_id }) => crew_id)]);
  const others = [...state.crews.values()].filter(({ id, duty }) => !known.has(id) && duty === "on_duty").map(({ id, name }) => [id, name]).sort((a, b) => a[1].localeCompare(b[1]));
  return el("select", { id: "hand-over-to" }, [...first, ...others].map(([id, name]) => el("option", { value: String(id) }, name)));
}

function told({ handed_over: handed, kept }, crew) {
  const words = [ngettext("%(n)s order handed over to %(crew)s.", "%(n)s orders handed over to %(crew)s.", handed.length, { crew })];
  for (const each of kept) words.push(_("#%(id)s stays: %(why)s.", { id: each.incident_id, why: say(KEPT, each.why) }));
  return words.join(" ");
}

export function askHandOver(leaving, { done }) {
  const key = newKey();
  const rows = leaving.orders.map(orderRow);
  const to = crewChoice(leaving);
  const error = el("p.form-error", { role: "alert" });
  const form = el("form.hand-over", { onsubmit: async (event) => {
    event.preventDefault();
    text(error, "");
    const chosen = rows.filter(({ box }) => box.checked);
    const ids = (list) => list.map(({ order }) => order.assignment_id);
    const body = { to_crew_id: Number(to.value) || 0, assignment_ids: ids(chosen.filter(({ onScene }) => !onScene)), on_scene: ids(chosen.filter(({ onScene }) => onScene)), client_id: key };
    try {
      const answer = await post(`/crews/${leaving.crew_id}/hand-over`, body);
      close();
      noteToast(told(answer, to.selectedOptions[0]?.textContent ?? ""));
    } catch (refused) {
      if (!(refused instanceof ApiError)) throw refused;
      text(error, refused.whole);
      return;
    }
    await done();
  } },
  el("ul.hand-over-orders", {}, rows.map(({ node }) => node)),
  el("div.field", {}, el("label", { for: to.id }, _("To")), to), error,
  el("div.form-actions", {}, el("button.primary", { type: "submit" }, _("Hand over"))));
  const { close } = showDialog("ask-dialog", { title: _("Hand over: %(crew)s", { crew: leaving.crew_name }), body: form });
  to.focus();
}
