// Labels of pledges, as the server names them with the page.
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";

const served = (labels, code) => _(labels?.[code] ?? String(code ?? ""));

export const goalLabel = (code) => served(boot.labels.pledge_goal, code);
export const pauseLabel = (code) => served(boot.labels.pledge_pause, code);
export const verdictLabel = (code) => served(boot.labels.pledge_verdict, code);
export const causeLabel = (code) => served(boot.labels.breach_cause, code);
export const CAUSES = Object.keys(boot.labels.breach_cause ?? {});
