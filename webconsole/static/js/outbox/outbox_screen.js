// The screen of the outbox: every action that the server does not have, its own time and how it stands.
import { el, keyed, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { outbox } from "./outbox.js";
import { actionState, actionTitle } from "./outbox_labels.js";
import { canShare, rescue } from "./rescue.js";

const big = (label, act) => el("button.big", { type: "button", onclick: act }, label);

function row(action) {
  return el("li.outbox-action", {},
    el("p.outbox-what", {}, el("b", {}, actionTitle(action)), " ", el("time", { datetime: action.at }, clock(action.at))),
    el("p.outbox-state"),
    el("div.pair", {}, big(_("Try again"), () => outbox.retry(action.clientId)), big(_("Put away"), () => outbox.putAway(action.clientId))));
}

function drawRow(node, action) {
  const { state, words } = actionState(action, outbox);
  if (node.dataset.state === state && node.dataset.words === words) return;
  Object.assign(node.dataset, { state, words });
  text(node.querySelector(".outbox-state"), words);
  node.querySelector(".pair").hidden = state !== "refused";
}

/** The open screen: {node, draw()}; `closed()` once it is left. */
export function openOutboxScreen({ closed }) {
  const list = el("ol.outbox-actions", { "aria-label": _("Not sent yet") });
  const none = el("p.told", {}, _("Everything is sent."));
  const title = el("h2.title", { tabindex: "-1", autofocus: true }, _("Not sent yet"));
  const back = big(_("Back"), () => node.close());
  back.classList.add("back");
  const actions = el("div.outbox-acts", {},
    big(_("Send now"), () => outbox.flush({ atOnce: true })),
    big(_("Save as a file"), () => rescue(outbox)),
    canShare() ? big(_("Share the file"), () => rescue(outbox, { share: true })) : null);
  const node = el("dialog.messages-sheet.outbox-sheet", { "aria-label": _("Not sent yet") }, el("header", {}, title, back), el("div.message-body", {}, none, list), actions);
  const draw = () => {
    const unsent = outbox.unsent;
    none.hidden = unsent.length > 0;
    actions.hidden = !unsent.length;
    keyed(list, unsent, { key: ({ clientId }) => clientId, create: row, update: drawRow });
  };
  node.addEventListener("close", () => {
    node.remove();
    closed();
  });
  draw();
  document.body.append(node);
  node.showModal();
  return { node, draw };
}
