// Panel of the first day, when there is nothing yet: what is missing and what to do next, with the
// page where it is done for those who may do it, and whom to ask for everybody else.
import { boot } from "../core/boot.js";
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, state } from "../core/store.js";

const may = (permission) => boot.permissions.includes(permission);

/** The steps of setting up: {done, title, how, may, command, page, label, ask}. */
function steps() {
  const crews = [...state.crews.values()];
  const placed = crews.some((crew) => crew.state !== "off_duty" && typeof crew.lon === "number");
  return [
    {
      done: boot.ground_id !== null && boot.ground_id !== undefined,
      title: _("Load the streets of your city"),
      how: _("An OpenStreetMap extract gives roads, map and addresses."),
      may: may("setting.write"),
      command: "nearcrew import-osm city.osm.pbf",
      ask: _("An administrator does this on the server."),
    },
    {
      done: crews.length > 0,
      title: _("Add the crews"),
      how: _("Each with its skills, members and vehicle."),
      may: may("crew.write"),
      page: "/administration/crews",
      label: _("Add crews"),
      ask: _("An administrator does this, under Administration."),
    },
    {
      done: placed,
      title: _("Have a crew go on duty"),
      how: _("With an account of its own it signs in on its phone and goes on duty there; its place appears on the map."),
      may: may("account.write"),
      page: "/administration/users",
      label: _("Invite people"),
    },
  ];
}

const act = ({ command, page, label }) => (page ? el("a", { href: page }, label) : el("code", {}, command));

export function firstDayPanel(node) {
  let shown = "";
  let hidden = false;

  const draw = () => {
    if (state.loading.crews !== "ready" || state.loading.incidents !== "ready") return;
    const all = steps();
    // Once work has begun, whoever is off duty tonight is no first day any more.
    const over = hidden || (all[0].done && all[1].done && (all[2].done || state.incidents.size > 0));
    const look = over ? "" : all.map(({ done }) => done).join();
    if (look === shown && node.hidden === over) return;
    shown = look;
    node.hidden = over;
    if (over) {
      fill(node);
      return;
    }
    const next = all.find(({ done }) => !done);
    fill(
      node,
      el("h2", {}, _("Before the first incident")),
      el("ol", {}, all.map((step) =>
        el("li", { data: { state: step.done ? "done" : step === next ? "next" : "later" } },
          el("span.sign", { "aria-hidden": "true" }, step.done ? "✓" : ""),
          el("div", {}, el("strong", {}, step.title), step.done ? el("span.done-word", {}, _("done")) : null,
            step.done ? null : el("p", {}, step.how),
            !step.done && step.may ? act(step) : null)))),
      next.may && next.command ? el("p.hint-block", {}, _("The command is typed on the server, in the folder of Nearcrew.")) : null,
      next.may || !next.ask ? null : el("p.hint-block", {}, next.ask),
      el("button.secondary", { type: "button", onclick: () => {
        hidden = true;
        draw();
      } }, _("Hide this")),
    );
  };

  for (const topic of ["crews", "incidents", "tick"]) on(topic, draw);
  draw();
}
