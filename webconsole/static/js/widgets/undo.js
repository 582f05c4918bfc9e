// Undo, as long as the toast of a step is on the screen: no key undoes, a minute later, what nobody
// sees any more.
import { _ } from "../core/i18n.js";
import { noteToast, undoToast } from "./toasts.js";

const steps = [];

/** Say what was done, and offer to take it back. `undo` may return a promise. */
export function offerUndo(message, undo) {
  const step = {};
  const forget = () => {
    const at = steps.indexOf(step);
    if (at >= 0) steps.splice(at, 1);
  };
  step.run = () => {
    forget();
    step.close();
    return undo();
  };
  step.close = undoToast(message, step.run, { gone: forget });
  steps.push(step);
}

/** Take the latest step back; false when there is none. */
export async function undoLatest() {
  const step = steps.at(-1);
  if (!step) return false;
  await step.run();
  return true;
}

/** Take back the latest step that still can be; says so when there is none. */
export async function undoLast() {
  if (!(await undoLatest())) noteToast(_("There is nothing to undo."));
}
