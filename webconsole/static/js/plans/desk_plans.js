// What the desk sees of response plans: a line in the row of the queue, a section in the panel.
import { addIncidentSection } from "../incidents/section_registry.js";
import { addRowNote } from "../queue/row_notes.js";
import { attendanceLine, attendanceOf } from "./plan_labels.js";
import { PlanSection } from "./plan_section.js";
import { _ } from "../core/i18n.js";

const ENDED = ["closed", "cancelled", "merged", "resolved"];

// Until every task has its crew the row says so, loudly once somebody was sent: a lone crew looks seen to.
addRowNote({
  id: "plan",
  needs: "assignment.send",
  order: 20,
  note: (incident) => {
    const attendance = attendanceOf(incident);
    if (!attendance) return null;
    const short = attendance.missing.length > 0 && attendance.assigned > 0;
    return { text: attendanceLine(attendance), pressing: short, loud: short };
  },
});

addIncidentSection({
  id: "plan",
  order: 8,
  title: () => _("Response plan"),
  open: false,
  count: (incident) => {
    const attendance = attendanceOf(incident);
    return attendance && `${attendance.assigned}/${attendance.needed}`;
  },
  calls: (incident) => attendanceOf(incident)?.missing.length ?? 0,
  when: (incident) => incident.attendance?.highest_level > 1 || incident.attendance?.needed > 1 ? !ENDED.includes(incident.state) : false,
  make: (id) => new PlanSection(id),
});
