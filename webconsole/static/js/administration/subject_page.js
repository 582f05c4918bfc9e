// The frame of an administration page: what a subject declares becomes a list that is searched, ordered,
// paged and filtered on the server, forms, actions, bulk changes, import and export.
import { ApiError, get, getFile } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _, loadMessages, ngettext } from "../core/i18n.js";
import { saveFile } from "../core/save_file.js";
import { noteToast, refusalToast } from "../widgets/toasts.js";
import "../widgets/whole_words.js";
import { BulkBar } from "./bulk_bar.js";
import { confirmDialog, formDialog } from "./form_dialog.js";
import { importDialog } from "./import_dialog.js";
import { asParameters, isNarrowed, keepQuery, PER_PAGE, readQuery } from "./list_query.js";
import { ListTable } from "./list_table.js";
import { foldSubjects } from "./subjects_fold.js";
import { pageOf } from "./whole_list.js";

const TYPING_MS = 250;
const EXPORT_MS = 120000;
const MOST_PER_PAGE = 200;
const AT_ONCE = 4;

class SubjectPage {
  constructor(spec) {
    this.spec = { rows: "rows", filters: [], fields: [], actions: [], bulk: [], id: (row) => row.id, rowName: (row) => row.name ?? String(row.id), ...spec };
    this.mayEdit = boot.may_edit;
    this.query = readQuery(this.spec.filters);
    this.chosen = new Set();
    this.total = 0;
    this.asked = 0;
    this.main = document.getElementById("subject");
    this.#build();
  }

  #build() {
    const { spec } = this;
    this.status = el("p.found", { role: "status" });
    this.failure = el("div.failure", { role: "alert", hidden: true });
    this.empty = el("div.empty", { hidden: true });
    this.pager = el("nav.pager", { "aria-label": _("Pages"), hidden: true });
    const bulk = this.mayEdit ? spec.bulk : [];
    const choosing = bulk.length ? () => this.#drawChoice() : null;
    const withActions = this.mayEdit && (spec.actions.length > 0 || Boolean(spec.remove));
    this.table = new ListTable({
      columns: spec.columns, id: spec.id, rowName: spec.rowName, chosen: this.chosen, choosing,
      open: spec.opens !== false && (typeof spec.fields === "function" || spec.fields.length || spec.open) ? (row) => this.openRow(row) : null,
      actions: withActions ? (row) => this.#actionsOf(row) : null,
      sorted: (name) => this.#ask({ sort: this.query.sort === name ? `-${name}` : name, page: 1 }),
    });
    this.bulk = bulk.length ? new BulkBar({ bulk, chosen: this.chosen, found: () => this.total, allIds: () => this.#allIds(), changed: () => this.load(), choosing }) : null;
    this.room = el("div.table-room", {}, this.table.node);
    const help = spec.help?.() ?? [];
    fill(this.main, el("h1", {}, document.querySelector("main h1")?.textContent ?? ""),
      help.map((sentence) => el("p.told", {}, sentence)),
      spec.above?.node, this.#tools(), this.status, this.bulk?.node, this.failure,
      this.room, this.empty, this.pager);
  }

  #tools() {
    const { spec, query } = this;
    this.search = el("input", { id: "list-search", type: "search", maxlength: "200", placeholder: _("Search"), "aria-label": _("Search"), autocomplete: "off", value: query.search, oninput: () => this.#typed() });
    this.selects = spec.filters.map((filter) => this.#filter(filter));
    const add = this.mayEdit && spec.create ? el("button.primary", { type: "button", data: { key: "new" }, onclick: () => this.openNew() }, spec.create.label) : null;
    const bring = this.mayEdit && spec.imports ? el("button.secondary", { type: "button", data: { key: "import" }, onclick: () => importDialog(spec.imports, { changed: () => this.load(), closed: () => this.#focusBack("import") }) }, _("Import")) : null;
    const take = spec.exports ? ["csv", "xlsx"].map((ending) => el("button.quiet", { type: "button", onclick: () => this.#export(ending) }, _("Export as %(format)s", { format: ending.toUpperCase() }))) : [];
    return el("div.list-tools", {}, el("div.narrow", { role: "search" }, this.search, this.selects), el("div.list-acts", {}, add, bring, take));
  }

  #filter({ name, label, options, any }) {
    const select = el("select", { id: `filter-${name}`, "aria-label": label, onchange: () => {
      const filters = { ...this.query.filters };
      if (select.value) filters[name] = select.value;
      else delete filters[name];
      this.#ask({ filters, page: 1 });
    } });
    const draw = (found) => {
      fill(select, [["", any ?? `${label}: ${_("all")}`], ...found].map(([value, word]) => el("option", { value: String(value) }, word)));
      select.value = this.query.filters[name] ?? "";
    };
    draw([]); // it has its room before the options come
    Promise.resolve(typeof options === "function" ? options() : options).then(draw);
    return select;
  }

  #typed() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.#ask({ search: this.search.value.trim(), page: 1 }), TYPING_MS);
  }

  #ask(change) {
    Object.assign(this.query, change);
    keepQuery(this.query);
    return this.load();
  }

  /** Ask for the page again; what was asked before and comes late is not shown. */
  async load() {
    const mine = (this.asked += 1);
    this.room.setAttribute("aria-busy", "true");
    let found;
    try {
      found = await this.#page(this.query);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (mine === this.asked) this.#fail(error);
      return;
    } finally {
      if (mine === this.asked) this.room.removeAttribute("aria-busy");
    }
    if (mine !== this.asked) return;
    const rows = found[this.spec.rows];
    const last = Math.max(1, Math.ceil(found.total / this.query.perPage));
    if (!rows.length && this.query.page > last) return void this.#ask({ page: last }); // others removed what stood there
    this.total = found.total;
    this.#draw(rows);
  }

  /** {[rows], total}: from the server, or of a short list that the subject gives whole. */
  async #page(query) {
    const { spec } = this;
    if (!spec.whole) return get(`${spec.path}?${asParameters(query)}`);
    const { rows, total } = pageOf(await spec.whole(), query, spec);
    return { [spec.rows]: rows, total };
  }

  /** The list, and the table above it if there is one. */
  async loadAll() {
    await this.spec.above?.load();
    await this.load();
  }

  #fail(error) {
    fill(this.failure, el("span", {}, error.whole), el("button.secondary.small", { type: "button", onclick: () => this.load() }, _("Try again")));
    this.failure.hidden = false;
    document.body.dataset.ready = "true";
  }

  #draw(rows) {
    this.failure.hidden = true;
    this.table.draw(rows, this.query.sort || this.spec.order || "");
    this.room.hidden = !rows.length;
    text(this.status, this.#foundWords(rows.length));
    this.#drawEmpty(rows.length);
    this.#drawPager();
    this.#drawChoice();
    document.body.dataset.ready = "true";
  }

  #foundWords(here) {
    if (!here) return "";
    const first = (this.query.page - 1) * this.query.perPage + 1;
    if (here === this.total) return ngettext("One in all", "%(n)s in all", this.total);
    return _("%(first)s–%(last)s of %(n)s", { first, last: first + here - 1, n: this.total });
  }

  #drawEmpty(here) {
    this.empty.hidden = here > 0;
    if (here) return;
    const clear = el("button.secondary.small", { type: "button", onclick: () => {
      this.search.value = "";
      for (const select of this.selects) select.value = "";
      this.#ask({ search: "", filters: {}, page: 1 });
      this.search.focus();
    } }, _("Show all"));
    fill(this.empty, isNarrowed(this.query) ? [el("p", {}, _("Nothing is found.")), clear] : el("p", {}, this.spec.none?.() ?? _("There is nothing here yet.")));
  }

  #drawPager() {
    const { page, perPage } = this.query;
    const last = Math.max(1, Math.ceil(this.total / perPage));
    this.pager.hidden = this.total <= PER_PAGE[0];
    const focused = document.activeElement?.dataset?.key;
    const step = (key, label, to, able) => el("button.secondary.small", { type: "button", disabled: !able, data: { key }, onclick: () => this.#ask({ page: to }) }, label);
    const size = el("select", { "aria-label": _("Rows on a page"), onchange: () => this.#ask({ perPage: Number(size.value), page: 1 }) }, PER_PAGE.map((n) => el("option", { value: String(n) }, String(n))));
    size.value = String(perPage);
    fill(this.pager, step("page:before", _("Page before"), page - 1, page > 1), el("span", {}, _("Page %(page)s of %(last)s", { page, last })), step("page:next", _("Next page"), page + 1, page < last), size);
    [...this.pager.querySelectorAll("[data-key]")].find((each) => each.dataset.key === focused && !each.disabled)?.focus();
  }

  #drawChoice() {
    this.table.drawChoice();
    this.bulk?.draw();
  }

  async #allIds() {
    const pages = Math.ceil(this.total / MOST_PER_PAGE);
    const ids = [];
    for (let first = 1; first <= pages; first += AT_ONCE) {
      const wanted = Array.from({ length: Math.min(AT_ONCE, pages - first + 1) }, (_each, place) => first + place);
      const found = await Promise.all(wanted.map((page) => this.#page({ ...this.query, page, perPage: MOST_PER_PAGE })));
      ids.push(...found.flatMap((each) => each[this.spec.rows].map(this.spec.id)));
    }
    return ids;
  }

  openNew() {
    const { create } = this.spec;
    const fields = this.#fields(null).filter(({ only }) => only !== "change");
    return formDialog({ title: create.label, help: create.help?.() ?? [], fields, record: create.record?.() ?? {}, save: create.save, send: async (values) => {
      const answer = await create.send(values);
      return () => this.#stored(answer, create.done);
    }, closed: () => this.#focusBack("new") });
  }

  openRow(row) {
    const { spec } = this;
    if (spec.open) return spec.open(row, this);
    const fields = this.#fields(row).filter(({ only }) => only !== "new");
    const editable = this.mayEdit && Boolean(spec.change) && (spec.mayChange?.(row) ?? true);
    return formDialog({ title: spec.rowName(row), fields, record: row, readOnly: !editable, extra: spec.extra?.(row) ?? null, send: async (values, changed) => {
      const answer = Object.keys(changed).length ? await spec.change.send(row, spec.change.whole ? values : changed) : null;
      return () => this.#stored(answer, spec.change.done);
    }, closed: () => this.#focusBack(`${spec.id(row)}:open`) });
  }

  #fields(row) {
    const { fields } = this.spec;
    return typeof fields === "function" ? fields(row) : fields;
  }

  #actionsOf(row) {
    const { spec } = this;
    const offered = spec.actions.filter(({ when }) => when?.(row) ?? true);
    const acts = offered.map((action) => ({ label: typeof action.label === "function" ? action.label(row) : action.label, act: () => this.#act(action, row) }));
    if (spec.remove && (spec.remove.when?.(row) ?? true)) acts.push({ label: spec.remove.label ?? _("Remove"), act: () => this.#act({ ...spec.remove, act: spec.remove.send, ask: spec.remove.sentence }, row) });
    return acts;
  }

  async #act(action, row) {
    const label = typeof action.label === "function" ? action.label(row) : action.label ?? _("Remove");
    const done = async () => this.#stored(null, action.done);
    if (action.fields) {
      return formDialog({ title: `${label}: ${this.spec.rowName(row)}`, help: action.ask ? [action.ask(row)] : [], fields: action.fields, record: row, save: label, send: async (values) => {
        const answer = await action.act(row, values);
        return () => this.#stored(answer, action.done);
      }, closed: () => this.#focusBack(`${this.spec.id(row)}:${label}`) });
    }
    if (action.ask) {
      return confirmDialog({ title: `${label}: ${this.spec.rowName(row)}`, sentence: action.ask(row), yes: label, act: async () => {
        await action.act(row);
        return done;
      }, closed: () => this.#focusBack(`${this.spec.id(row)}:${label}`) });
    }
    try {
      const answer = await action.act(row);
      if (!action.stays) await this.#stored(answer, action.done);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusalToast(error.whole);
    }
    return undefined;
  }

  async #stored(answer, done) {
    await this.loadAll();
    if (done) done(answer, this);
    else noteToast(_("Saved."));
  }

  /** To the row's button, or where there is none any more to the list. */
  #focusBack(key) {
    const button = [...this.main.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
    (button ?? this.search).focus();
  }

  async #export(ending) {
    try {
      saveFile(await getFile(`/tables/${this.spec.exports}.${ending}?${asParameters(this.query, { pages: false })}`, { timeoutMs: EXPORT_MS }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusalToast(error.whole);
    }
  }
}

function keys(page) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target instanceof Element && event.target.closest("input, select, textarea")) return;
    if (event.key === "/") page.search.focus();
    else if (event.key === "n" && page.mayEdit && page.spec.create) page.openNew();
    else return;
    event.preventDefault();
  });
}

/** Show a subject; `declare()` is called once the page's language is there. */
export async function showSubject(declare) {
  foldSubjects();
  await loadMessages();
  document.addEventListener("signedout", () => refusalToast(_("You are not signed in, or your session has ended."), [{ label: _("Sign in again"), act: () => location.reload() }]));
  const page = new SubjectPage(declare());
  keys(page);
  await page.loadAll();
  return page;
}
