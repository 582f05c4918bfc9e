// Words of what became of a message to a caller.
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";

export const smsLabel = (code) => _(boot.labels.caller_sms?.[code] ?? code);
