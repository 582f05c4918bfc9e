// A secret that is shown this once: a link to choose a password, a program's token.
import { el } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { copyButton } from "../widgets/copy_button.js";
import { showDialog } from "../widgets/dialog.js";
import { noteToast } from "../widgets/toasts.js";

function showSecret({ title, sentence, secret, until }) {
  const field = el("input", { id: "secret-shown", readonly: true, value: secret, onfocus: () => field.select() });
  showDialog("form-dialog", { title, body: el("div.secret-shown", {},
    el("p.told", {}, sentence, " ", _("It counts until %(time)s.", { time: clock(until, { seconds: false }) })),
    el("label", { for: field.id }, _("Shown this once")),
    el("div.pair", {}, field, copyButton(_("Copy"), () => secret))) });
  field.focus();
}

/** A link was made: shown, unless a gateway sends it, for then only who gets it knows it. */
export function showLink({ username, secret, expires_at: until }) {
  if (!secret) return noteToast(_("The link is on its way to %(name)s.", { name: username }));
  return showSecret({
    title: _("Link for %(name)s", { name: username }),
    sentence: _("Give this link to %(name)s and to nobody else: whoever opens it chooses the password.", { name: username }),
    secret: `${location.origin}/invitation/${secret}`,
    until,
  });
}

export const showToken = ({ token, expires_at: until }) => showSecret({
  title: _("The new token"),
  sentence: _("Copy it into the program now: it is never shown again."),
  secret: token,
  until,
});
