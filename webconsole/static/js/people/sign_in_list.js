// Where an account is signed in, each with a button that ends it: one's own, or another's.
import { ApiError, call, get } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { refusalToast } from "../widgets/toasts.js";

function wordsOf({ kind, name, device, address }) {
  const what = name ?? (device || (kind === "token" ? _("a program") : _("a browser")));
  return address ? `${what} · ${address}` : what;
}

/**
 * A list that fills itself. `path`: of the sign-ins; `mayEnd`: whether they can be ended here;
 * `endOthers`: where all but this one are ended, if they can be.
 */
export function signInList({ path, mayEnd = true, endOthers = null }) {
  const node = el("div.sign-ins", { "aria-busy": "true" });

  async function change(act) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusalToast(error.whole);
    }
    await load();
  }

  function row(each) {
    const words = wordsOf(each);
    const end = mayEnd && !each.current ? el("button.secondary.small", { type: "button", "aria-label": `${_("End")}: ${words}`, onclick: () => change(() => call("DELETE", `${path}/${each.id}`)) }, _("End")) : null;
    return el("tr", {},
      el("th", { scope: "row" }, words, each.current ? el("span.told", {}, ` ${_("this one")}`) : null),
      el("td", {}, clock(each.seen_at, { seconds: false })),
      el("td", {}, clock(each.expires_at, { seconds: false })),
      el("td", {}, end));
  }

  async function load() {
    const { sign_ins: found } = await get(path);
    node.removeAttribute("aria-busy");
    if (!found.length) return fill(node, el("p.told", {}, _("Signed in nowhere.")));
    const head = el("tr", {}, [_("Where"), _("Last active"), _("Ends")].map((word) => el("th", { scope: "col" }, word)), el("td"));
    const others = endOthers && found.some(({ current, name }) => !current && name === null);
    return fill(node, el("table.list", {}, el("thead", {}, head), el("tbody", {}, found.map(row))),
      others ? el("button.secondary.small", { type: "button", onclick: () => change(() => call("POST", endOthers)) }, _("End all others")) : null);
  }

  load();
  return node;
}

/** One's own, for the page of one's account. */
export const ownSignIns = () => signInList({ path: "/me/sign-ins", endOthers: "/me/sign-ins/end-others" });
