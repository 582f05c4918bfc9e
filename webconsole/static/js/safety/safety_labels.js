// Words of the crews' safety that come with the page.
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";

const labels = (name) => boot.labels?.[name] ?? {};

export const HELPS = Object.keys(labels("help"));
export const helpLabel = (code) => _(labels("help")[code] ?? String(code ?? ""));
export const WORK_PLACES = Object.keys(labels("work_place"));
export const workPlaceLabel = (code) => _(labels("work_place")[code] ?? String(code ?? ""));
