// The way of an order on the crew's phone: others to choose from, one worked out here where there is no
// signal, and other apps that lead there.
import { arrange, el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { outbox } from "../outbox/outbox.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { appsFold } from "./apps_fold.js";
import { RoadsKeeper } from "./roads_keeper.js";
import { WayChooser } from "./way_chooser.js";

const DRIVEN = ["offered", "accepted", "en_route"];

/** The order that is driven to now, or would be next. */
const nextOf = (orders) => orders.find(({ state }) => state === "en_route") ?? orders.find(({ state }) => DRIVEN.includes(state)) ?? null;

/** `course`: PathFollower, `map`: PathMap; the others as `bringLateParts` has them. */
export function bringWays({ crewId, course, map, place, orders }) {
  const roads = new RoadsKeeper(crewId);
  const choose = (index) => {
    const { orderId } = course;
    const { via, by } = course.choose(index);
    chooser.draw();
    outbox.put({
      kind: "way",
      method: "PUT",
      path: `/assignments/${orderId}/way`,
      body: { via, by: by || null },
      clock: "occurred_at",
      about: { orderId },
      says: by ? _("Way by %(street)s", { street: by }) : _("Way to the incident"),
    });
  };
  const chooser = new WayChooser(course, choose);
  const box = el("div.way-folds");
  let drawn = null;
  const folds = new Map();
  course.workOut = (order, fix, via) => roads.way(order, fix, via);
  map.chooseOther = choose;
  outbox.listen(({ sent }) => sent?.kind === "way" && course.again());
  addCrewPart({
    id: "ways",
    order: 5,
    below(order) {
      if (!DRIVEN.includes(order.state)) return [];
      drawn = order;
      drawFolds(order);
      return [box];
    },
    async load() {
      const order = nextOf(orders());
      if (order) await roads.keep(order, place());
    },
    heard: (event) => roads.changed(event),
    tick() {
      if (drawn) drawFolds(drawn); // its path may be known only now
      const order = nextOf(orders());
      if (order) roads.keep(order, place());
    },
  });

  /** In place: somebody may be tapping it. */
  function drawFolds(order) {
    const own = course.orderId === order.id;
    if (own) chooser.standFor(order);
    chooser.draw();
    arrange(box, own ? [chooser.node, foldOf(order)] : [foldOf(order)]);
  }

  /** Kept while the order stands: a fold that somebody opened stays open. */
  function foldOf(order) {
    const key = `${order.id}|${order.incident.lon},${order.incident.lat}|${order.incident.address}`;
    if (!folds.has(key)) folds.set(key, appsFold(order, place));
    return folds.get(key);
  }
}
