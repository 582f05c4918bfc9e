// Where and when too few crews are planned, of the next fortnight.
import { ApiError, get } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { skillLabel } from "../core/labels.js";
import { wallLabel } from "./shift_labels.js";

/** "East · Gas · Sat 7 Nov 22:00 – Sun 8 Nov 06:00: nobody planned" */
export function gapSentence(gap) {
  const where = [gap.area, gap.skill ? skillLabel(gap.skill) : ""].filter(Boolean).join(" · ") || gap.name;
  const times = `${wallLabel(gap.begins_at)} – ${wallLabel(gap.ends_at)}`;
  const have = gap.have === 0 ? _("nobody planned") : _("%(have)s of %(least)s planned", { have: gap.have, least: gap.least });
  return `${where} · ${times}: ${have}`;
}

const SHOWN = 8;
const rows = (gaps) => el("ul.gap-list", {}, gaps.map((gap) => el("li", {}, gapSentence(gap))));

export class GapList {
  constructor(node) {
    this.node = node;
  }

  async load() {
    try {
      const { gaps } = await get("/staffing-gaps");
      fill(this.node, el("h2", {}, _("Too few crews, next 14 days")),
        gaps.length ? rows(gaps.slice(0, SHOWN)) : el("p.told", {}, _("No gaps by the rules below.")),
        gaps.length > SHOWN ? el("details.more-gaps", {}, el("summary", {}, ngettext("and %(n)s more", "and %(n)s more", gaps.length - SHOWN)), rows(gaps.slice(SHOWN))) : null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fill(this.node, el("p.form-error", { role: "alert" }, error.message));
    }
  }
}
