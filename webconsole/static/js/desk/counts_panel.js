// Numbers for a shift leader: incidents waiting, asked for, under way, and crews available.
import { stageOf } from "../assignments/progress.js";
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, state } from "../core/store.js";
import { isStale } from "../crews/crew_place.js";

export function countsPanel(node) {
  const number = (count, label, loud = false) =>
    el(loud && count > 0 ? "span.count.loud" : "span.count", {}, el("b", {}, String(count)), " ", label);
  let shown = "";

  const draw = () => {
    const incidents = [...state.incidents.values()];
    const stages = incidents.map(stageOf);
    const count = (...wanted) => stages.filter((stage) => wanted.includes(stage)).length;
    const [open, later, asked, accepted, going] = [count("open"), count("due_later"), count("offered"), count("accepted"), count("en_route", "on_scene")];
    const crews = [...state.crews.values()];
    const onDuty = crews.filter((crew) => crew.state !== "off_duty");
    const lost = onDuty.filter(isStale).length;
    const free = onDuty.filter((crew) => crew.state === "idle" && !isStale(crew)).length;
    const look = [open, asked, accepted, going, later, free, onDuty.length, lost].join();
    if (look === shown) return;
    shown = look;
    fill(
      node,
      number(open, _("waiting"), true),
      asked ? number(asked, _("no answer yet")) : null,
      accepted ? number(accepted, _("not set out")) : null,
      number(going, _("under way")),
      later ? number(later, _("due later")) : null,
      number(`${free}/${onDuty.length}`, _("crews available")),
      lost ? number(lost, _("with old positions")) : null,
    );
  };

  on("incidents", draw);
  on("crews", draw);
  on("tick", draw);
  draw();
}
