// Forms that a security key fills in: on the pages of the sign-in and of one's own account.
import { makeKey, signWithKey } from "../factors/security_keys.js";

for (const form of document.querySelectorAll("[data-security-key]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failure = form.querySelector("[data-failure]");
    const button = form.querySelector("button[type=submit]");
    failure.hidden = true;
    button.disabled = true;
    try {
      const ask = form.dataset.securityKey === "make" ? makeKey : signWithKey;
      form.elements.namedItem("credential").value = JSON.stringify(await ask(JSON.parse(form.dataset.options)));
      form.submit();
    } catch {
      // The key was not touched, is another's, or was taken away: which, browsers do not say.
      failure.textContent = form.dataset.failed;
      failure.hidden = false;
      button.disabled = false;
    }
  });
}
