// The standby points as a list: named, removed, and taken from a file, the stations or the crews.
import { ApiError, get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, keyed, text } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { titleOf } from "./point_layer.js";
import { UnreadableFileError, readPoints } from "./points_file.js";

const LONGEST_NAME = 100;

export class PointsList {
  constructor(plan, { centre, point }) {
    this.plan = plan;
    this.point = point;
    this.said = el("p.plan-said", { role: "status" });
    this.wrong = el("p.form-error", { role: "alert" });
    this.list = el("ol.plan-points", { "aria-label": _("Standby points") });
    const file = el("input", { type: "file", id: "plan-file", accept: ".csv,.txt,.geojson,.json", hidden: true, onchange: () => this.#load(file) });
    const button = (words, onclick) => el("button.secondary.small", { type: "button", onclick }, words);
    this.clear = el("button.quiet.small", { type: "button", onclick: () => plan.clear() }, _("Remove all"));
    this.title = el("h2", { id: "plan-points-title" });
    this.node = el("section.plan-section", { "aria-labelledby": "plan-points-title" },
      el("div.plan-section-head", {}, this.title, this.clear),
      el("div.plan-buttons", {},
        button(_("Add in the middle of the map"), () => this.point(plan.add([centre()]).id)),
        button(_("Load a file…"), () => file.click()),
        button(_("From the stations"), () => this.#take("stations")),
        button(_("From the crews, as they stand"), () => this.#take("crews")), file),
      this.said, this.wrong, this.list);
    plan.on((what) => (what === "posts" || what === "names") && this.draw());
    this.draw();
  }

  draw() {
    const { posts } = this.plan;
    text(this.title, ngettext("One standby point", "%(n)s standby points", posts.length));
    this.clear.hidden = !posts.length;
    const rows = posts.map((post, at) => ({ ...post, at }));
    keyed(this.list, rows, { key: ({ id }) => id, create: (post) => this.#row(post), update: (row, post) => this.#update(row, post) });
  }

  /** Bring a point's row into view. */
  show(id) {
    for (const row of this.list.children) row.classList.toggle("is-chosen", row.dataset.id === String(id));
    this.list.querySelector(".is-chosen")?.scrollIntoView({ block: "nearest" });
  }

  #row({ id }) {
    const name = el("input", { type: "text", maxlength: LONGEST_NAME, oninput: () => this.plan.rename(id, name.value.trim()), onfocus: () => this.show(id) });
    const find = el("button.quiet.icon", { type: "button", onclick: () => this.point(id) });
    const remove = el("button.quiet.icon", { type: "button", onclick: () => this.plan.remove(id) }, "×");
    return el("li.plan-point", { data: { id } }, find, name, remove);
  }

  #update(row, post) {
    const [find, name, remove] = row.children;
    const title = titleOf(post, post.at);
    text(find, post.at + 1);
    find.setAttribute("aria-label", _("Show %(name)s on the map", { name: title }));
    name.setAttribute("aria-label", _("Name of point %(number)s", { number: post.at + 1 }));
    name.placeholder = title;
    if (document.activeElement !== name) name.value = post.name;
    remove.setAttribute("aria-label", _("Remove %(name)s", { name: title }));
  }

  #add(places, words) {
    const most = boot.planning.limits.posts;
    if (this.plan.posts.length + places.length > most) {
      text(this.wrong, _("A plan has %(most)s points at most.", { most }));
      return;
    }
    if (places.length) this.plan.add(places);
    text(this.said, words);
  }

  async #load(file) {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    text(this.said, "");
    text(this.wrong, "");
    try {
      const points = readPoints(chosen.name, await chosen.text(), boot.planning.limits.posts);
      this.#add(points, ngettext("One point was loaded.", "%(n)s points were loaded.", points.length));
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      text(this.wrong, `${chosen.name}: ${error.message}`);
    }
  }

  async #take(kind) {
    text(this.said, "");
    text(this.wrong, "");
    try {
      const places = (await get("/planning/places"))[kind];
      const none = { stations: _("There are no stations."), crews: _("No idle crew has a known position.") }[kind];
      this.#add(places, places.length ? ngettext("One point was added.", "%(n)s points were added.", places.length) : none);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.wrong, error.message);
    }
  }
}
