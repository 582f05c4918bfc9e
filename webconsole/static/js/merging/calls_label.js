// How often something was reported, as short as a queue has room for: "×37 calls".
import { ngettext } from "../core/i18n.js";

export const callsLabel = ({ reports_count: n }) => ngettext("×%(n)s call", "×%(n)s calls", n);
