// Studies of the open scenario: started, watched, cancelled, and their reports.
import { ApiError, call, get, newKey, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _, isChinese } from "../core/i18n.js";

const LIVE_MS = 1000;
const IDLE_MS = 15_000;
const isLive = ({ state }) => state === "queued" || state === "running";

export class StudyPanel {
  constructor({ kept }) {
    this.kept = kept;
    this.key = newKey();
    this.kind = el("select", { id: "plan-study-kind", "aria-label": _("Kind of study") }, Object.entries(boot.planning.studies).map(([value, words]) => el("option", { value }, words)));
    this.kind.addEventListener("change", () => (this.howMany.hidden = this.kind.value !== "site"));
    this.count = el("input", { id: "plan-count", type: "number", min: 1, max: boot.planning.limits.posts, value: "1" });
    this.howMany = el("label.plan-count", { hidden: true }, _("How many of them"), " ", this.count);
    this.start = el("button.primary", { type: "button", id: "plan-start", onclick: () => this.#start() }, _("Start the study"));
    this.nobody = el("p.plan-nobody", { role: "status" });
    this.wrong = el("p.form-error", { role: "alert" });
    this.list = el("ul.plan-studies", { "aria-label": _("Studies") });
    this.limit = el("p.plan-limit");
    this.node = el("section.plan-section", { "aria-labelledby": "plan-studies-title" },
      el("h2", { id: "plan-studies-title" }, _("Studies")),
      el("p.plan-hint", {}, _("A study is made of the scenario as it is saved: with tables, pictures, a map and files for QGIS.")),
      el("div.plan-study-form", {}, this.kind, this.howMany, this.start), this.nobody, this.wrong, this.list, this.limit);
  }

  /** Look, and look again: often while a study is on its way. */
  async watch() {
    await this.load();
    const live = this.studies?.some(isLive);
    setTimeout(() => this.watch(), live && !document.hidden ? LIVE_MS : IDLE_MS);
  }

  async load() {
    try {
      const answer = await get("/planning/studies");
      this.studies = answer.studies;
      text(this.nobody, answer.worker_alive ? "" : _("Nobody runs studies at the moment: no worker is there. What is started waits for one (nearcrew worker)."));
      text(this.limit, answer.studies.length ? _("The latest %(kept)s studies of each person are kept.", { kept: answer.kept }) : "");
      keyed(this.list, answer.studies, { key: ({ id }) => id, create: (study) => this.#row(study), update: (row, study) => this.#update(row, study) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.wrong, error.message);
    }
  }

  async #start() {
    this.start.disabled = true;
    await this.#doing(async () => {
      const scenario = await this.kept();
      if (!scenario) throw new ApiError(_("Save the scenario first: give it a name."));
      const count = this.kind.value === "site" ? { count: this.count.valueAsNumber } : {};
      await post("/planning/studies", { scenario_id: scenario.id, kind: this.kind.value, ...count }, { key: this.key });
      this.key = newKey();
    });
    this.start.disabled = false;
  }

  async #doing(work) {
    text(this.wrong, "");
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.wrong, error.whole);
      return;
    }
    await this.load();
  }

  #row({ id }) {
    const bar = el("progress", { max: 1 });
    const acts = el("div.plan-acts");
    return el("li.plan-study", { data: { id } }, el("p.plan-study-title"), el("p.plan-study-state"), bar, el("p.plan-study-said", { lang: "en" }), acts);
  }

  #update(row, study) {
    const [title, state, bar, said, acts] = row.children;
    row.dataset.state = study.state;
    text(title, `${boot.planning.studies[study.kind]}: ${study.title}`);
    text(state, stateWords(study));
    bar.hidden = study.state !== "running";
    bar.setAttribute("aria-label", _("Progress"));
    if (study.progress === null) bar.removeAttribute("value");
    else bar.value = study.progress;
    text(said, commandWords(study));
    const look = JSON.stringify([study.state, study.cancelling]);
    if (row.look === look) return;
    row.look = look;
    fill(acts, ...this.#acts(study));
  }

  #acts(study) {
    const path = `/plan/studies/${study.id}`;
    const button = (words, act, name) => el("button.secondary.small", { type: "button", "aria-label": `${words}: ${name}`, onclick: () => this.#doing(act) }, words);
    if (isLive(study)) return study.cancelling ? [] : [button(_("Cancel"), () => post(`/planning/studies/${study.id}/cancel`), study.title)];
    const remove = button(_("Remove"), () => call("DELETE", `/planning/studies/${study.id}`), study.title);
    if (study.state !== "done") return [remove];
    const files = study.files.filter(({ name }) => name !== "report.html");
    return [
      el("a.primary.small", { href: `${path}/report`, target: "_blank", rel: "noopener" }, _("Open the report")),
      el("a.plan-file", { href: `${path}/files/study.zip`, download: "" }, _("All files (ZIP)")),
      el("details.plan-files", {}, el("summary", {}, _("Single files")), el("ul", {}, files.map(({ name, size_bytes: size }) => el("li", {}, el("a", { href: `${path}/files/${name}`, download: "" }, name), ` ${kilobytes(size)}`)))),
      remove,
    ];
  }
}

/** Commands speak English. What a study found its report says in both; only a refusal has no other words. */
function commandWords({ state, said, progress_words: progress }) {
  if (state === "failed") return said;
  if (isChinese()) return "";
  return state === "running" ? progress : said;
}

const kilobytes = (bytes) => _("%(n)s kB", { n: Math.max(1, Math.round(bytes / 1000)) });

function stateWords(study) {
  const { states, failures } = boot.planning;
  const words = study.cancelling ? _("is being cancelled") : states[study.state];
  return [
    study.lost ? _("its worker is not heard of: the next one takes it up") : words,
    study.failure ? failures[study.failure] : "",
    `${study.asked_by}, ${clock(study.asked_at, { seconds: false })}`,
  ].filter(Boolean).join(" · ");
}
