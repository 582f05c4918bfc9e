// Rows from a file: chosen, tried without a trace, its errors shown line by line, then stored.
import { ApiError, call, get } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { saveFile } from "../core/save_file.js";
import { showDialog } from "../widgets/dialog.js";

const PATIENCE_MS = 300000; // a hundred thousand lines take their time
const SHOWN = 200;
const FORMULA = /^[=+\-@\t\r]/;

/** A cell that no spreadsheet runs, and that no comma or quotation mark ends. */
const cell = (value) => `"${String(value ?? "").replace(FORMULA, "'$&").replaceAll('"', '""')}"`;
const asCsv = (rows) => new Blob(["\ufeff", rows.map((row) => row.map(cell).join(",")).join("\r\n"), "\r\n"], { type: "text/csv" });

function columnTable({ columns }) {
  const words = ({ required, key }) => [required ? _("is required") : "", key ? _("names the row") : ""].filter(Boolean).join("; ");
  const rows = columns.map((column) => el("tr", {}, el("th", { scope: "row" }, column.name), el("td", {}, column.headings.join(", ")), el("td", {}, words(column)), el("td", {}, column.example)));
  const heads = [_("Column"), _("also called"), "", _("for example")];
  return el("details", {}, el("summary", {}, _("Which columns it may have")), el("table.columns", {}, el("thead", {}, el("tr", {}, heads.map((word) => el("th", { scope: "col" }, word)))), el("tbody", {}, rows)));
}

function errorTable(report) {
  const rows = report.errors.slice(0, SHOWN).map(({ line, column, value, message }) => el("tr", {}, el("td", {}, String(line)), el("td", {}, column ?? "–"), el("td.value", {}, value), el("td", {}, message)));
  const heads = [_("Line"), _("Column"), _("Stands there"), _("What is wrong")];
  return el("div.table-room", { tabindex: "0", role: "region", "aria-label": _("Lines that are wrong") },
    el("table.errors", {}, el("thead", {}, el("tr", {}, heads.map((word) => el("th", { scope: "col" }, word)))), el("tbody", {}, rows)));
}

class ImportDialog {
  constructor(subject, { changed, closed }) {
    Object.assign(this, { subject, changed });
    this.file = null;
    this.done = false;
    this.body = el("div.import");
    this.error = el("p.form-error", { role: "alert", tabindex: "-1" });
    this.dialog = showDialog("import-dialog", { title: _("Import"), body: el("div", {}, this.body, this.error), closed: () => {
      closed();
      if (this.done) changed();
    } });
    this.#choose();
  }

  async #choose() {
    text(this.error, "");
    const input = el("input", { id: "import-file", type: "file", accept: ".csv,.txt,.tsv,.xlsx", onchange: () => this.#try(input.files[0]) });
    const columns = el("div");
    fill(this.body, el("p.told", {}, _("CSV or XLSX, 100 000 lines at most. The first line names the columns. Nothing is stored before you have seen what would be.")),
      el("div.field", {}, el("label", { for: input.id }, _("File")), input), columns);
    input.focus();
    await this.#ask(async () => {
      const known = await get(`/imports/${this.subject}`);
      const empty = el("button.quiet.small", { type: "button", onclick: () => {
        const examples = known.columns.some(({ example }) => example) ? [known.columns.map(({ example }) => example)] : [];
        saveFile({ name: `${this.subject}.csv`, content: asCsv([known.columns.map(({ name }) => name), ...examples]) });
      } }, _("Download an example"));
      fill(columns, columnTable(known), empty);
    });
  }

  async #try(file) {
    if (!file) return;
    this.file = file;
    await this.#send("check");
  }

  async #send(mode, wrong = null) {
    text(this.error, "");
    const form = new FormData();
    form.append("file", this.file);
    form.append("name", this.file.name);
    form.append("mode", mode);
    if (wrong !== null) form.append("wrong", String(wrong));
    this.body.setAttribute("aria-busy", "true");
    for (const control of this.body.querySelectorAll("button, input")) control.disabled = true;
    const waits = el("p", { role: "status" }, mode === "check" ? _("The lines are being tried …") : _("The lines are being stored …"));
    this.body.append(waits);
    const report = await this.#ask(() => call("POST", `/imports/${this.subject}`, form, { timeoutMs: PATIENCE_MS }));
    waits.remove();
    this.body.removeAttribute("aria-busy");
    for (const control of this.body.querySelectorAll("button, input")) control.disabled = false;
    if (report) this.#show(report);
    else this.error.focus();
  }

  #show(report) {
    this.done ||= report.applied;
    const { lines, wrong } = report;
    const counts = [
      [_("new"), report.new],
      [_("changed"), report.changed],
      [_("as they were"), report.same],
      [_("wrong"), wrong],
    ];
    const head = report.applied ? _("Stored.") : wrong ? ngettext("One line is wrong. Nothing is stored yet.", "%(n)s lines are wrong. Nothing is stored yet.", wrong) : _("All lines are right. Nothing is stored yet.");
    const title = el("h3", { tabindex: "-1" }, head);
    const notes = [
      `${this.file.name} · ${report.encoding}${report.delimiter ? ` · ${report.delimiter === "\t" ? _("tab") : report.delimiter}` : ""} · ${ngettext("one line", "%(n)s lines", lines)}`,
      report.ignored.length ? _("These columns mean nothing here and are left out: %(names)s", { names: report.ignored.join(", ") }) : "",
    ].filter(Boolean);
    const left = report.errors.length - SHOWN + report.errors_left_off;
    fill(this.body, title, notes.map((note) => el("p.told", {}, note)),
      el("dl.counts", {}, counts.map(([word, n]) => el("div", {}, el("dt", {}, word), el("dd", {}, String(n))))),
      wrong ? errorTable(report) : null,
      left > 0 ? el("p.told", {}, _("and %(n)s more", { n: left })) : null,
      wrong ? el("button.quiet.small", { type: "button", onclick: () => this.#saveErrors(report) }, _("Download the errors as CSV")) : null,
      el("div.form-actions", {}, this.#choices(report)));
    title.focus();
  }

  #choices({ applied, wrong, lines, new: fresh, changed, same }) {
    const close = el("button.secondary", { type: "button", onclick: () => this.dialog.close() }, _("Close"));
    if (applied) return [close];
    const others = fresh + changed + same;
    const another = el("button.secondary", { type: "button", onclick: () => this.#choose() }, _("Another file"));
    if (wrong && !others) return [another, close];
    const label = wrong ? ngettext("Import the other line", "Import the other %(n)s lines", others) : ngettext("Import the line", "Import all %(n)s lines", lines);
    return [el("button.primary", { type: "button", onclick: () => this.#send(wrong ? "others" : "all", wrong) }, label), another, close];
  }

  #saveErrors(report) {
    const rows = report.errors.map(({ line, column, value, message }) => [line, column ?? "", value, message]);
    saveFile({ name: `${this.subject}-errors.csv`, content: asCsv([[_("Line"), _("Column"), _("Stands there"), _("What is wrong")], ...rows]) });
  }

  async #ask(act) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.error, error.whole);
      return null;
    }
  }
}

/** `changed()`: something was stored, and the dialog is closed. */
export const importDialog = (subject, on) => new ImportDialog(subject, on);
