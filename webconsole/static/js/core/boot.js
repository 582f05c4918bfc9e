// Values that the server wrote into the page when it rendered it.
import { openedBy } from "../kept/owner.js";

export const boot = JSON.parse(document.getElementById("boot").textContent);

/** Whether this account has a permission; what it may not do is not offered. The server holds it. */
export const may = (permission) => !permission || !boot.permissions || boot.permissions.includes(permission);

if (boot.username) openedBy(boot.username);
