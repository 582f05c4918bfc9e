// What forms of crews, people and vehicles let one choose from.
import { get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { equipmentLabel, skillLabel } from "../core/labels.js";

const inUse = (list) => (list ?? []).filter(({ retired }) => !retired).map(({ code }) => code);

export const skillOptions = () => inUse(boot.skills).map((code) => [code, skillLabel(code)]);
export const equipmentOptions = () => inUse(boot.equipment).map((code) => [code, equipmentLabel(code)]);
export const stationOptions = async () => (await get("/stations")).stations.map(({ id, name }) => [id, name]);
export const crewOptions = async () => (await get("/crews/register")).crews.map(({ id, name }) => [id, name]);

/** Today as the browser has it: "2026-11-30". */
export const today = () => new Date().toLocaleDateString("sv-SE");
