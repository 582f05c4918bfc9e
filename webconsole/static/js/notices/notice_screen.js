// The screen of a notice: what became of an order, large, and one button. It stands above everything.
import { secondsSince } from "../core/clock.js";
import { el } from "../core/dom.js";
import { clock, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { declineLabel, incidentTitle } from "../core/labels.js";
import { fieldLabel, movedLabel, noticeSentence, noticeTitle, valueLabel } from "./notice_labels.js";

/** Words that were added at the end stand out; else the old ones stand struck out above the new. */
function wordsChanged(old, now) {
  if (old && now.startsWith(old)) {
    const [, between, added] = /^([\s.,;:，。；：]*)(.*)$/s.exec(now.slice(old.length));
    return [old, between, el("mark", {}, added)];
  }
  return [old ? el("del", {}, old) : null, el("ins", {}, now)];
}

function change({ field, values }) {
  if (field === "place") return movedLabel(values);
  if (field === "description") return wordsChanged(String(values[0] ?? ""), String(values.at(-1) ?? ""));
  if (field === "skill") return el("del", {}, valueLabel(field, values[0]));
  const last = values.length - 1;
  return values.flatMap((value, index) => [
    index ? el("span.to", {}, " → ") : null,
    el(index === last ? "ins" : "del", {}, valueLabel(field, value)),
  ]);
}

export function noticeScreen({ notice, count }, { understood }) {
  const { newest, kind, changes } = notice;
  const incident = { id: newest.incident_id, kind: newest.incident_kind };
  const parts = { since: el("time.ringing-for", {}, timer(secondsSince(newest.made_at))), sinceAt: newest.made_at };
  const behind = newest.rank > 0 && kind === "changed" ? el("p.told", {}, _("Comes after your present order.")) : null;
  const screen = el(
    "div.screen.notice-screen",
    { data: { kind } },
    el("div.ring-line", { role: "alert" }, el("b", {}, noticeTitle(kind)), parts.since),
    el("div.middle", {},
      el("h2.title", {}, incidentTitle(incident)),
      newest.address ? el("p.address", {}, newest.address) : null,
      noticeSentence(kind) ? el("p.notice-what", {}, noticeSentence(kind)) : null,
      changes.length ? el("dl.changes", {}, changes.flatMap((each) => [el("dt", {}, fieldLabel(each.field)), el("dd", { data: { field: each.field } }, change(each))])) : null,
      newest.reason ? el("p.notice-reason", {}, _("Reason: %(reason)s", { reason: declineLabel(newest.reason) })) : null,
      behind,
      el("p.told", {}, _("%(who)s, %(time)s", { who: newest.made_by, time: clock(newest.made_at, { seconds: false }) }))),
    el("div.actions", {},
      el("button.big.go", { type: "button", onclick: () => understood(notice) }, _("Understood")),
      count > 1 ? el("p.more-notices", {}, _("Then %(n)s more", { n: count - 1 })) : null),
  );
  screen.parts = parts;
  return screen;
}
