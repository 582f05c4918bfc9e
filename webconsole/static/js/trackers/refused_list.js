// The fixes of a tracker that were not used, each with the reason.
import { get } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { clock, coordinates } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { showDialog } from "../widgets/dialog.js";
import { refusalLabel } from "./tracker_labels.js";

export async function showRefused(tracker) {
  const body = el("div.refused-list", {}, el("p", {}, _("Loading…")));
  showDialog("refused-dialog", { title: _("Refused: %(crew)s, %(name)s", { crew: tracker.crew_name, name: tracker.name }), body });
  const { refused } = await get(`/trackers/${tracker.id}/refused`);
  if (!refused.length) {
    fill(body, el("p", {}, _("Nothing that was kept was refused in the last day.")));
    return;
  }
  const cells = (each) => [clock(each.received_at), refusalLabel(each.reason), each.lon === null ? "–" : coordinates(each.lon, each.lat), each.accuracy_m === null ? "–" : _("± %(n)s m", { n: Math.round(each.accuracy_m) })];
  const heads = [_("Received"), _("Reason"), _("Place"), _("Accuracy")].map((word) => el("th", { scope: "col" }, word));
  fill(body, el("table", {}, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, refused.map((each) => el("tr", {}, cells(each).map((word) => el("td", {}, word)))))));
}
