// Three numbers a shift leader asks for: who waits, what is under way, who is free.
import { el, fill } from "../dom.js";
import { _ } from "../i18n.js";
import { on, state } from "../store.js";

export function countsPanel(node) {
  const number = (count, label, loud = false) =>
    el(loud && count > 0 ? "span.count.loud" : "span.count", {}, el("b", {}, String(count)), " ", label);
  let shown = "";

  const draw = () => {
    const incidents = [...state.incidents.values()];
    const open = incidents.filter((i) => i.state === "open").length;
    const going = incidents.filter((i) => i.state === "assigned" || i.state === "on_scene").length;
    const crews = [...state.crews.values()];
    const free = crews.filter((crew) => crew.state === "idle").length;
    const onDuty = crews.filter((crew) => crew.state !== "off_duty").length;
    const look = [open, going, free, onDuty].join();
    if (look === shown) return;
    shown = look;
    fill(
      node,
      number(open, _("waiting"), true),
      number(going, _("under way")),
      number(`${free}/${onDuty}`, _("crews available")),
    );
  };

  on("incidents", draw);
  on("crews", draw);
  draw();
}
