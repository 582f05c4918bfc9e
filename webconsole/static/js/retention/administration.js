// What is kept how long, and by which setting: shown here, changed where the service is started.
import { showSubject } from "../administration/subject_page.js";
import { get } from "../core/api.js";
import { _, ngettext } from "../core/i18n.js";

const WHAT = {
  positions: () => _("Positions of crews"),
  tracks: () => _("What was driven for orders, on streets"),
  photos: () => _("Photos"),
  personal: () => _("Names, numbers and words of callers"),
  sessions: () => _("Sessions of people, without a request"),
  tokens: () => _("Tokens of programs"),
  events: () => _("Events: what happened, when, and who did it"),
};
const HOURS = 24;

function lengthWords({ days }) {
  if (days === null) return _("for good");
  if (days < 1) return ngettext("One hour", "%(n)s hours", Math.round(days * HOURS * 10) / 10);
  return ngettext("One day", "%(n)s days", Math.round(days * 10) / 10);
}

await showSubject(() => ({
  whole: async () => (await get("/retention")).kept,
  id: ({ code }) => code,
  rowName: ({ code }) => WHAT[code](),
  help: () => [_("What is older is dropped or erased by itself, every hour. The settings are environment variables of the service: set one where it is started (docs/deployment.md), and start it again. The database's own functions keep photos and personal data for 30 days at least.")],
  columns: [
    { name: "what", label: _("What"), cell: ({ code }) => WHAT[code](), value: ({ code }) => WHAT[code](), sort: true },
    { name: "days", label: _("Is kept"), sort: true, cell: lengthWords },
    { name: "setting", label: _("Setting"), sort: true },
  ],
}));
