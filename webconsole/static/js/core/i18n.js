// Translation of UI texts. English is the message id, as in gettext; Chinese comes from our catalogue.
import { boot } from "./boot.js";

let messages = {};

/** Load the page's language. A missing catalogue leaves English, never an empty page. */
export async function loadMessages() {
  if (!boot.messages_url) return;
  try {
    const answer = await fetch(boot.messages_url);
    if (!answer.ok) return;
    const catalogue = await answer.json();
    messages = catalogue.messages ?? catalogue;
  } catch {
    // offline at start: English words on the buttons are better than none
  }
}

/** The text in the page's language, with `%(name)s` replaced. */
export function _(msgid, params = {}) {
  const found = messages[msgid];
  const pattern = (Array.isArray(found) ? found[0] : found) || msgid;
  return pattern.replace(/%\((\w+)\)s/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

export const isChinese = () => boot.locale === "zh";

/** The text for a number of things; `%(n)s` is the number. Chinese has one form for all. */
export function ngettext(singular, plural, n, params = {}) {
  return messages[singular] ? _(singular, { n, ...params }) : _(n === 1 ? singular : plural, { n, ...params });
}
