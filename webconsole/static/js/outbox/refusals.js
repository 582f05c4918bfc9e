// Why the server did not take an action, in a form that can be kept and in plain words.
import { _ } from "../core/i18n.js";

/** {status, code, message, already, state, words}: what is kept of a refusal. */
export function refusalOf(error) {
  const { status, code, problem } = error;
  return { status, code, message: plainly(error), already: problem.already === true, state: problem.state ?? null };
}

const MEANWHILE = {
  withdrawn: () => _("Withdrawn while you were offline. The order is no longer yours."),
  expired: () => _("Not answered in time: the order went back to the desk while you were offline."),
};

function plainly({ whole, problem }) {
  if (problem.already === true) return _("Another phone of your crew, or the desk, already did this.");
  return MEANWHILE[problem.state]?.() ?? whole;
}
