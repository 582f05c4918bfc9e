// Administration of the kinds of incidents: what can happen, how urgent, how long, who is needed.
import { kindChoices, minutesField, minuteWords, nameFields, nameOf, priorityChoices, utilityChoices } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { get, patch, post, put } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { equipmentLabel, priorityLabel, skillLabel, utilityLabel } from "../core/labels.js";
import { equipmentOptions, skillOptions } from "../crews/register_options.js";

/** Needed equipment and the danger radius have addresses of their own, so that each has its own event. */
async function setBeside(code, { danger_radius_m: radius, equipment }) {
  if (radius !== undefined) await put(`/kinds/${code}/danger-radius`, { radius_m: radius ?? 0 });
  if (equipment !== undefined) await put(`/kinds/${code}/equipment`, { equipment });
}

async function change({ code }, { danger_radius_m: radius, equipment, ...rest }) {
  if (Object.keys(rest).length) await patch(`/kinds/${code}`, rest);
  await setBeside(code, { danger_radius_m: radius, equipment });
}

async function add({ danger_radius_m: radius, equipment, ...rest }) {
  const kind = await post("/kinds", rest);
  await setBeside(kind.code, { danger_radius_m: radius ?? undefined, equipment: equipment.length ? equipment : undefined });
}

await showSubject(() => ({
  whole: async () => (await get("/kinds")).kinds,
  id: ({ code }) => code,
  rowName: nameOf,
  help: () => [_("What can happen. A new kind begins with the outcomes, the response plan and the check-ins of one that it is like. Open consoles know of a change once they are loaded again.")],
  columns: [
    { name: "name", label: _("Name"), sort: true, cell: nameOf, value: nameOf },
    { name: "utility", label: _("Utility"), sort: true, cell: ({ utility }) => utilityLabel(utility) },
    { name: "default_priority", label: _("Priority"), sort: true, cell: ({ default_priority: level }) => `P${level} ${priorityLabel(level)}` },
    { name: "work_s", label: _("Usual work"), sort: true, cell: ({ work_s: seconds }) => minuteWords(seconds) },
    { name: "skill", label: _("Skill"), sort: true, cell: ({ skill }) => skill && skillLabel(skill) },
    { name: "equipment", label: _("Needed equipment"), cell: ({ equipment }) => equipment.map(equipmentLabel).join(", ") },
    { name: "danger_radius_m", label: _("Danger radius"), sort: true, cell: ({ danger_radius_m: radius }) => radius && _("%(n)s m", { n: radius }) },
  ],
  filters: [{ name: "utility", label: _("Utility"), options: utilityChoices }],
  fields: [
    { name: "code", label: _("Code"), required: true, blank: "", only: "new", placeholder: "gas_leak", help: _("Small letters, digits and _; it stays.") },
    { name: "like", label: _("Is like"), type: "select", required: true, options: kindChoices, only: "new" },
    { name: "utility", label: _("Utility"), type: "select", required: true, options: utilityChoices, only: "new" },
    ...nameFields(),
    { name: "default_priority", label: _("Priority"), type: "select", number: true, required: true, options: priorityChoices, help: _("Unless whoever takes the report says otherwise.") },
    minutesField({ name: "work_s", label: _("Usual work, minutes"), required: true, help: _("When a busy crew will be free is reckoned with it.") }),
    { name: "skill", label: _("Skill"), type: "select", options: skillOptions, help: _("A crew without it is not proposed.") },
    { name: "equipment", label: _("Needed equipment"), type: "several", options: equipmentOptions, named: equipmentLabel, help: _("One of the crews there has to bring it.") },
    { name: "danger_radius_m", label: _("Danger radius, metres"), type: "number", min: 0, help: _("Drawn round the incident. Blank: none.") },
  ],
  create: { label: _("New kind"), record: () => ({ default_priority: 2, work_s: 1800, equipment: [] }), send: add },
  change: { send: change },
}));
