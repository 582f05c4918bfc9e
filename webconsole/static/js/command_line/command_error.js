// The error a command throws when it cannot be done, and how it is shown.
import { ApiError } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { refusalToast } from "../widgets/toasts.js";

/** A refusal in words of its own, to be thrown by commands: `throw new CommandError(_("…"))`. */
export class CommandError extends Error {
  constructor(message) {
    super(message);
    this.name = "CommandError";
  }
}

/** The sentence for whatever a command threw; faults of our own go on to the browser's log. */
export function sentence(error) {
  if (error instanceof CommandError || error instanceof ApiError) return error.message;
  setTimeout(() => {
    throw error;
  });
  return _("That could not be done.");
}

/** Show why a key had no effect. */
export const failed = (error) => refusalToast(sentence(error));
