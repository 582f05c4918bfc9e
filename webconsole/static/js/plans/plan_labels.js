// How far an incident has the crews that its response plan asks for, in words.
import { boot } from "../core/boot.js";
import { _, isChinese } from "../core/i18n.js";

const served = (labels, code) => _(boot.labels[labels]?.[code] ?? String(code ?? ""));

export const roleLabel = (code) => served("crew_role", code);
/** Why nobody can be proposed for a task. */
export const whyMissing = (code) => served("plan_missing", code);

/** The name of a task of a plan, or of what misses a crew. */
export const taskName = ({ name_en, name_zh }) => (isChinese() ? name_zh : name_en);

/** What an order was sent for; empty for a crew that was sent in addition. */
export const orderTask = ({ task_name_en, task_name_zh }) => (isChinese() ? task_name_zh : task_name_en) ?? "";

const WORKED_ON = ["open", "assigned", "on_scene"];

/** The attendance of an incident that is worked on and needs more than one crew; else null. */
export function attendanceOf(incident) {
  const { attendance } = incident;
  return attendance && attendance.needed > 1 && WORKED_ON.includes(incident.state) ? attendance : null;
}

export const isShort = (incident) => Boolean(attendanceOf(incident)?.missing.length);

/** "Cordon crew, 2 × Excavator", each task once. */
export function taskList(tasks) {
  const found = new Map();
  for (const task of tasks) found.set(task.task, [...(found.get(task.task) ?? []), task]);
  const words = [...found.values()].map((same) => (same.length > 1 ? `${same.length} × ` : "") + taskName(same[0]));
  return words.join(isChinese() ? "、" : ", ");
}

/** "1 of 2 crews · Excavator missing"; "2 crews needed" while nobody is sent. */
export function attendanceLine({ needed, assigned, missing }) {
  if (!assigned) return _("%(n)s crews needed", { n: needed });
  const crews = _("%(n)s of %(all)s crews", { n: assigned, all: needed });
  const short = _("%(tasks)s missing", { tasks: taskList(missing) });
  return missing.length ? `${crews} · ${short}` : crews;
}

/** What a crew does where several work together: "Leads the work · Gas crew"; else empty. */
export function partLine(order, incident) {
  const together = incident.assignments.filter(({ ended_at }) => !ended_at).length > 1;
  if (!together && !attendanceOf(incident) && order.role === "lead") return "";
  return [roleLabel(order.role), orderTask(order)].filter(Boolean).join(" · ");
}
