// The page of a list of codes with a name in both languages: added, renamed, retired, never removed.
import { put } from "../core/api.js";
import { _, isChinese } from "../core/i18n.js";
import { showSubject } from "./subject_page.js";

const told = ({ name_en, name_zh, sort, retired }) => ({ name_en, name_zh, sort, retired: Boolean(retired) });

/** `declare()` → {path, rows, help, create, columns}: the columns behind the names. */
export function listSubject(declare) {
  return showSubject(() => {
    const { path, rows, help, create, columns } = declare();
    const send = ({ code }, values) => put(`${path}/${encodeURIComponent(code)}`, told(values));
    return {
      path,
      rows,
      order: "sort",
      id: ({ code }) => code,
      rowName: (row) => (isChinese() ? row.name_zh : row.name_en),
      help,
      columns: [
        { name: "name_en", label: _("Name in English"), sort: true },
        { name: "name_zh", label: _("Name in Chinese"), sort: true },
        { name: "code", label: _("Code"), sort: true },
        ...columns,
        { name: "retired", label: _("State"), cell: ({ retired }) => (retired ? _("retired") : _("in use")) },
      ],
      fields: [
        { name: "code", label: _("Code"), required: true, only: "new", maxlength: 40, blank: "", help: _("Small letters, digits and _; it stays for ever.") },
        { name: "name_en", label: _("Name in English"), required: true, maxlength: 100, blank: "" },
        { name: "name_zh", label: _("Name in Chinese"), required: true, maxlength: 100, blank: "" },
        { name: "sort", label: _("Place in the list"), type: "number", min: 0, max: 10000, step: 1 },
        { name: "retired", label: _("Retired"), type: "check", help: _("Nothing new gets it; what has it keeps it.") },
      ],
      create: { label: create, record: () => ({ sort: 100 }), send: (values) => send(values, values) },
      change: { whole: true, send },
    };
  });
}
