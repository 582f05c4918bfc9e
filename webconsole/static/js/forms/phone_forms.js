// Forms on the crew's page: filled in on scene, asked for before an order ends, and told to the desk.
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { emit, on } from "../core/store.js";
import { readDrafts } from "../kept/drafts.js";
import { addResultPart } from "../outcomes/result_parts.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { bringArrival } from "./arrival_part.js";
import { nameIn } from "./form_labels.js";
import { MeasuredLines } from "./measured_lines.js";
import { MeasuredStore } from "./measured_store.js";
import { measuringScreen } from "./measuring_screen.js";
import { onMeasurementSent, sendMeasurement } from "./measurement_sending.js";
import { learnSheet, sheetOf } from "./work_sheets.js";
import { workFields } from "./work_fields.js";

const needs = (form) => form.fields.some(({ required }) => required);
const tell = () => emit("crew-part");

/** `orders()`: those in hand; `place()`: the last fix. */
export function bringForms({ orders, place }) {
  /** {orderId, key, node}: the form on the screen. */
  let opened = null;
  const store = new MeasuredStore({ changed: tell });

  const onScene = () => orders().filter(({ state }) => state === "on_scene");
  const formsOf = (order) => sheetOf(order.incident.kind).forms;
  const missing = (order) => formsOf(order).filter((form) => needs(form) && !store.filled(order).has(form.code));
  const toAskAtTheEnd = (order) => formsOf(order).filter((form) => form.asked === "before_completing" && !store.filled(order).has(form.code));

  function close(then = null) {
    opened = null;
    tell();
    then?.();
  }

  /** Fill in a form, and then the next of `queue`; `after()` follows the last. */
  function open(order, form, { queue = [], after = null } = {}) {
    const goOn = () => (queue.length ? open(order, queue[0], { queue: queue.slice(1), after }) : close(after));
    const node = measuringScreen({ order, form }, {
      save: (values, items) => {
        sendMeasurement(order, form, values, items);
        goOn();
      },
      back: () => close(),
      skip: after ? _("Go on without it") : null,
      onSkip: goOn,
    });
    opened = { orderId: order.id, key: `${order.id} ${form.code} ${form.version}`, node };
    tell();
  }

  const lines = new Map();
  function linesOf(order) {
    if (!lines.has(order.id)) lines.set(order.id, new MeasuredLines({ open: (form) => open(order, form) }));
    return lines.get(order.id);
  }

  addCrewPart({
    id: "forms",
    order: 60,
    screen: () => {
      if (opened && !onScene().some(({ id }) => id === opened.orderId)) opened = null;
      return opened && { key: opened.key, node: () => opened.node };
    },
    lines: (order) => (order.state === "on_scene" ? linesOf(order).update({ forms: formsOf(order).filter(({ asked }) => asked === "on_scene"), entries: store.of(order) }) : []),
    look: (order) => (order.state === "on_scene" ? JSON.stringify([formsOf(order).map(({ code, version }) => [code, version]), store.of(order).map(({ client_id: id, state }) => [id, state])]) : ""),
    load: async () => {
      const now = orders();
      await Promise.all([...new Set(now.map(({ incident }) => incident.kind))].map(learnSheet));
      await Promise.all(onScene().map((order) => store.learn(order)));
    },
    heard: ({ kind, assignment_id: id }) => {
      if (kind !== "assignment.measured") return;
      for (const order of onScene()) if (order.id === id) store.learn(order);
    },
    finish: (order, goOn) => {
      const asked = toAskAtTheEnd(order);
      if (asked.length) open(order, asked[0], { queue: asked.slice(1), after: goOn });
      return asked.length > 0;
    },
  });

  addResultPart((order, { changed, leave }) => {
    const work = workFields(order, sheetOf(order.incident.kind), changed);
    const wanted = el("div.still-missing", { role: "status" });
    const draw = (effect) => {
      const left = effect === "not_done" ? [] : missing(order);
      fill(wanted, left.map((form) => el("p.refused", {}, _("Before completing: %(form)s has to be filled in.", { form: nameIn(form) }), " ",
        el("button.big", { type: "button", onclick: () => leave(() => open(order, form)) }, _("Fill it in now")))));
      return left.length > 0;
    };
    return { node: work.node, note: wanted, read: work.read, forget: work.forget, blocks: (effect) => draw(effect) || work.wrong() };
  });

  onMeasurementSent((orderId) => {
    const order = orders().find(({ id }) => id === orderId);
    return order && store.learn(order);
  });
  readDrafts().then(tell);
  on("work-sheets", tell);
  bringArrival({ orders, place });
}
