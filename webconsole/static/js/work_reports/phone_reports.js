// The report of the order that the crew finished last, on its page until somebody puts it away.
import { readStored, writeStored } from "../core/browser_storage.js";
import { now } from "../core/clock.js";
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { outbox } from "../outbox/outbox.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { ReportSending } from "./report_sending.js";

const SHOWN_MS = 12 * 3_600_000; // as long as a shift

class PhoneReports {
  constructor(crewId) {
    this.key = `nearcrew-finished-${crewId}`;
    this.node = el("section.finished-order", { "aria-label": _("Last order"), hidden: true });
    // The server prints: it has a report once it has heard of the end.
    outbox.listen(({ sent, answer }) => {
      if (sent?.kind === "complete" && answer) this.#finished(sent.about);
    });
    this.#draw(readStored(this.key, null));
  }

  #finished(about) {
    const finished = { ...about, atMs: now() };
    writeStored(this.key, finished);
    this.#draw(finished);
  }

  #draw(finished) {
    this.sending = null;
    this.node.hidden = !finished || now() - finished.atMs > SHOWN_MS;
    if (this.node.hidden) return fill(this.node);
    this.sending = new ReportSending(finished.orderId, { look: "big" });
    this.sending.load();
    const away = () => {
      writeStored(this.key, null);
      this.#draw(null);
    };
    fill(this.node,
      el("h3", {}, _("Finished: #%(incident)s", { incident: finished.incidentId }), el("button.quiet.icon", { type: "button", "aria-label": _("Put away"), onclick: away }, "×")),
      this.sending.node);
  }
}

/** Bring the last order's report to the crew's page. */
export function bringReports(crewId) {
  const reports = new PhoneReports(crewId);
  addCrewPart({
    id: "work-reports",
    order: 90,
    dock: reports.node,
    load: async () => reports.sending?.load(),
    heard: ({ kind }) => kind.startsWith("work_report.") && reports.sending?.load(),
  });
}
