// What units are called, and the units that somebody can choose from.
import { get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";

const served = (table, code) => (boot.labels[table]?.[code] ? _(boot.labels[table][code]) : String(code ?? ""));
export const unitKindLabel = (code) => served("unit_kind", code);
export const hindranceLabel = (code) => served("hindrance", code);

/** "1.2 East", further in the deeper it lies in the tree. */
export const unitLine = ({ depth, code, name }) => `${"  ".repeat(depth)}${code} ${name}`;

/** The units whose rows are seen, as the options of a choice; `fits(unit)` leaves some out. */
export async function unitOptions(fits = () => true) {
  const { units } = await get("/units");
  return units.filter((unit) => unit.own && fits(unit)).map((unit) => [unit.id, unitLine(unit)]);
}
