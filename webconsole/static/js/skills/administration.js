// Administration of the list of skills: what crews can do, and kinds and plans can need.
import { listSubject } from "../administration/code_list.js";
import { _ } from "../core/i18n.js";

await listSubject(() => ({
  path: "/skills",
  rows: "skills",
  help: () => [_("What crews can do, and kinds of incidents and response plans can need.")],
  create: _("New skill"),
  columns: [
    { name: "crews", label: _("Crews that can"), cell: ({ crews }) => String(crews) },
    { name: "crews_lapsed", label: _("Crews whose tickets have ended"), cell: ({ crews_lapsed: n }) => String(n) },
  ],
}));
