// A crew's own orders on its page: today's and earlier ones with how they ended, and where it drove.
/* global L */
import { ApiError, get } from "../core/api.js";
import { now } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { clock, coordinates, distance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { kindName } from "../core/labels.js";
import { makeStage } from "../map/stage/stage.js";
import { orderWord } from "../outcomes/outcome_labels.js";
import { showDialog } from "../widgets/dialog.js";
import { reportLink } from "../work_reports/report_sending.js";

const EARTH_M = 6371008.8;
const minute = (iso) => clock(iso, { seconds: false });

/** The start of this day on the phone's calendar, as the API takes it. */
function startOfDay() {
  const day = new Date(now());
  day.setHours(0, 0, 0, 0);
  return day;
}

/** How long a line of [lon, lat] is, in metres. */
export function lengthOf(line) {
  const rad = Math.PI / 180;
  let metres = 0;
  for (let i = 1; i < line.length; i += 1) {
    const [[lon, lat], [toLon, toLat]] = [line[i - 1], line[i]];
    const x = (toLon - lon) * rad * Math.cos(((lat + toLat) / 2) * rad);
    metres += EARTH_M * Math.hypot(x, (toLat - lat) * rad);
  }
  return metres;
}

function row(order) {
  const { incident } = order;
  const times = [order.asked_at ?? order.offered_at, order.arrived_at, order.ended_at].filter(Boolean).map(minute);
  return el("li", { data: { state: order.state } },
    el("b", {}, `${kindName(incident.kind)} #${incident.id}`),
    el("span", {}, incident.address || coordinates(incident.lon, incident.lat)),
    el("span.told", {}, [orderWord(order), times.join(" → ")].join(" · ")),
    order.state === "completed" ? reportLink(order.id) : null);
}

class MyOrders {
  constructor(crewId) {
    this.crewId = crewId;
    this.error = el("p.form-error", { role: "alert" });
    this.today = el("ul.my-orders");
    this.earlier = el("ul.my-orders");
    this.driven = el("p.told");
    this.ground = el("div.map.my-track", { hidden: true });
    this.show = el("button", { type: "button", onclick: () => this.#track() }, _("Where I was today"));
    showDialog("my-orders-dialog", {
      title: _("My orders"),
      body: el("div.my-orders-body", {}, this.error, el("h3", {}, _("Today")), this.today, this.show, this.driven, this.ground, el("h3", {}, _("Earlier")), this.earlier,
        el("a.more-link", { href: `/replay/crew/${crewId}` }, _("My shift, replayed"))),
      closed: () => this.stage?.map.remove(),
    });
    this.#load();
  }

  async #ask(path) {
    try {
      text(this.error, "");
      return await get(path);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.error, error.message);
      return null;
    }
  }

  async #load() {
    const found = await this.#ask(`/crews/${this.crewId}/assignments?live=false`);
    if (!found) return;
    const since = startOfDay();
    const isToday = ({ ended_at, offered_at }) => new Date(ended_at ?? offered_at) >= since || !ended_at;
    const list = (node, orders) => fill(node, orders.length ? orders.map(row) : el("li.told", {}, _("None.")));
    list(this.today, found.assignments.filter(isToday));
    list(this.earlier, found.assignments.filter((order) => !isToday(order)));
  }

  async #track() {
    const track = await this.#ask(`/crews/${this.crewId}/track?from=${startOfDay().toISOString()}&to=${new Date(now()).toISOString()}`);
    if (!track) return;
    const { geometry } = track;
    const lines = !geometry ? [] : geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
    const drawn = lines.filter((line) => line.length > 1);
    const metres = drawn.reduce((sum, line) => sum + lengthOf(line), 0);
    text(this.driven, drawn.length ? _("%(distance)s driven on duty, by the positions that came in", { distance: distance(metres) }) : _("No positions today."));
    this.ground.hidden = !drawn.length;
    if (!drawn.length) return;
    this.stage ??= makeStage(this.ground, { zoomControl: false });
    this.line?.remove();
    this.line = L.polyline(drawn.map((line) => line.map(([lon, lat]) => [lat, lon])), { className: "route sent", interactive: false }).addTo(this.stage.map);
    this.stage.map.fitBounds(this.line.getBounds(), { padding: [16, 16], maxZoom: 17 });
  }
}

/** Bring it to the crew's page; `menu` is before which button it stands. */
export function bringMyOrders(crewId, { menu }) {
  menu.before(el("button.my-orders-button", { type: "button", onclick: (event) => {
    event.target.closest("details").open = false;
    new MyOrders(crewId);
  } }, _("My orders")));
}
