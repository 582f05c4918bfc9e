// Administration of the list of equipment: what vehicles carry, and kinds of incidents can need.
import { listSubject } from "../administration/code_list.js";
import { _ } from "../core/i18n.js";

await listSubject(() => ({
  path: "/equipment",
  rows: "equipment",
  help: () => [_("What vehicles carry. A kind of incident can need it: then one of the crews there has to bring it.")],
  create: _("New equipment"),
  columns: [],
}));
