// One's own account: where one is signed in. Everything else there is forms.
import { loadMessages } from "../core/i18n.js";
import { ownSignIns } from "../people/sign_in_list.js";

await loadMessages();
document.getElementById("own-sign-ins").replaceChildren(ownSignIns());
