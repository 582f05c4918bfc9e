// Crews lent to another unit: asked for, agreed, refused, ended. Both sides see the same and no more.
import { showSubject } from "../administration/subject_page.js";
import { get, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { unitKindLabel, unitOptions } from "../units/unit_labels.js";

const HOURS = 3600 * 1000;
const stateLabel = (code) => _(boot.labels.loan_state[code] ?? code);
const states = () => Object.keys(boot.labels.loan_state).map((code) => [code, stateLabel(code)]);
const words = { name: "words", label: _("In words"), type: "long", maxlength: 300 };

async function lenders() {
  const found = await get("/loans/lenders");
  return found.lenders.map(({ id, kind, code, name }) => [id, `${code} ${name} (${unitKindLabel(kind)})`]);
}

async function crews() {
  const found = await get("/crews");
  return found.crews.filter(({ lent }) => !lent).map(({ id, name }) => [id, name]);
}

function stateWords({ state, begun }) {
  if (state !== "lent") return stateLabel(state);
  const [sign, word] = begun ? ["●", _("lent now")] : ["○", _("lent, not begun yet")];
  return `${sign} ${word}`;
}

const settle = (step) => ({ id }, values) => post(`/loans/${id}/${step}`, values);
const can = (step) => ({ steps }) => steps.includes(step);

await showSubject(() => ({
  path: "/loans",
  rows: "loans",
  order: "-under_way",
  help: () => [_("A crew is asked for by whoever needs it and lent by somebody of the unit that is asked. While it is lent, the borrower sees it and may send it, and its own unit may not. Neither side sees more of the other than stands here.")],
  none: () => _("No crew has been asked for or lent yet."),
  rowName: ({ crew_name: crew, lender_name: lender, unit_name: unit }) => [crew ?? _("A crew"), `${lender} → ${unit}`].join(": "),
  columns: [
    { name: "crew_name", label: _("Crew"), cell: ({ crew_name: crew }) => crew ?? _("not said yet") },
    { name: "lender_name", label: _("Of") },
    { name: "unit_name", label: _("To") },
    { name: "from_at", label: _("From"), sort: true, cell: ({ from_at: at }) => clock(at, { seconds: false }) },
    { name: "until_at", label: _("Until"), sort: true, cell: ({ until_at: at }) => clock(at, { seconds: false }) },
    { name: "state", label: _("State"), sort: true, cell: stateWords },
    { name: "words", label: _("What for") },
  ],
  filters: [{ name: "state", label: _("State"), options: states }],
  fields: [
    { name: "lender_id", label: _("Who is asked"), type: "select", number: true, required: true, options: lenders, only: "new" },
    { name: "unit_id", label: _("For which unit"), type: "select", number: true, options: () => unitOptions(), only: "new", help: _("Your own if none is chosen.") },
    { name: "from_at", label: _("From"), type: "instant", only: "new", help: _("At once if left blank.") },
    { name: "until_at", label: _("Until"), type: "instant", required: true, only: "new" },
    { name: "words", label: _("What for"), type: "long", required: true, maxlength: 300, only: "new", blank: "", help: _("What the crew must be able to do, and how many it needs.") },
    { name: "words", label: _("What for"), only: "change" },
    { name: "asked_by", label: _("Asked by"), only: "change" },
    { name: "settled_by", label: _("Answered by"), only: "change" },
    { name: "settled_words", label: _("Answer"), only: "change" },
    { name: "ended_by", label: _("Ended by"), only: "change" },
  ],
  create: { label: _("Ask for a crew"), record: () => ({ until_at: new Date(Date.now() + 8 * HOURS).toISOString() }), send: (values) => post("/loans", Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))) },
  actions: [
    { label: _("Lend"), when: can("agree"), ask: ({ words: what }) => what, fields: [{ name: "crew_id", label: _("Crew"), type: "select", number: true, required: true, options: crews }, words], act: settle("agree") },
    { label: _("Refuse"), when: can("refuse"), ask: ({ words: what }) => what, fields: [words], act: settle("refuse") },
    { label: _("End the loan"), when: can("end"), ask: () => _("The borrower does not see the crew any more from then on. What was agreed stays written down."), fields: [words], act: settle("end") },
  ],
}));
