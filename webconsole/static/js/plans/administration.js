// Administration of response plans: which crews a kind of incident needs, at which alarm level.
import { nameFields, nameOf, skillWords, utilityChoices } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { get, newKey, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { _, ngettext } from "../core/i18n.js";
import { kindName, kindOf, skillLabel, utilityLabel } from "../core/labels.js";
import { skillOptions } from "../crews/register_options.js";

const LEVELS = [1, 2, 3, 4, 5];
const roles = () => Object.entries(boot.labels.crew_role).map(([code, label]) => [code, _(label)]);
const taskWords = ({ level, crews, skills, ...names }) => [`${nameOf(names)} (${level})`, ngettext("one crew", "%(n)s crews", crews), skillWords(skills)].filter(Boolean).join(" · ");

await showSubject(() => ({
  whole: async () => (await get("/plans")).plans,
  id: ({ kind }) => kind,
  rowName: ({ kind }) => kindName(kind),
  help: () => [_("Which crews are needed at an alarm level; levels add up. A plan holds for incidents that are open, too; crews that are sent stay sent.")],
  columns: [
    { name: "kind", label: _("Kind"), sort: true, cell: ({ kind }) => kindName(kind), value: ({ kind }) => kindName(kind) },
    { name: "utility", label: _("Utility"), sort: true, cell: ({ kind }) => utilityLabel(kindOf(kind)?.utility), value: ({ kind }) => kindOf(kind)?.utility },
    { name: "tasks", label: _("Tasks (from alarm level)"), cell: ({ tasks }) => tasks.map(taskWords).join("; ") },
  ],
  filters: [{ name: "utility", label: _("Utility"), options: utilityChoices, keep: ({ kind }, utility) => kindOf(kind)?.utility === utility }],
  fields: [
    { name: "tasks", label: _("Tasks"), type: "rows", add: _("Add a task"), blank: { level: 1, crews: 1, role: "support", skills: [] }, help: _("Exactly one task is the lead's: of one crew, from level 1 on."), fields: [
      { name: "task", label: _("Code"), required: true, blank: "", placeholder: "repair" },
      ...nameFields(),
      { name: "level", label: _("From alarm level"), type: "select", number: true, required: true, options: LEVELS.map((level) => [level, String(level)]) },
      { name: "crews", label: _("Crews"), type: "number", min: 1, step: 1, required: true },
      { name: "role", label: _("Part"), type: "select", required: true, options: roles },
      { name: "skills", label: _("Skills"), type: "several", options: skillOptions, named: skillLabel },
    ] },
  ],
  change: { send: ({ kind }, { tasks }) => put(`/plans/${kind}`, { tasks, client_id: newKey() }) },
}));
