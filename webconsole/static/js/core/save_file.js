// Hands a file to the browser, as a link with `download` would.
import { el } from "./dom.js";

export function saveFile({ name, content }) {
  const url = URL.createObjectURL(content);
  const link = el("a", { href: url, download: name });
  document.body.append(link); // some browsers follow no link that is nowhere
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
