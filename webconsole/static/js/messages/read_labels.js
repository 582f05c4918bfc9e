// Who has read a message, in words; who wrote it, and to whom.
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";

const at = (instant) => clock(instant, { seconds: false });

/** The crew and the person who wrote; where both go by one name, that once. */
export function authorOf({ author, crew_name: crew, side }) {
  return side === "crew" && crew && crew !== author ? `${crew} · ${author}` : author;
}

/** "read 03:12 by Gas 1 · not read yet by Gas 2". `awaited`: names of crews that should read it. */
export function deskReadLabel({ read_by: marks }, awaited = []) {
  const read = marks.map((mark) => _("read %(time)s by %(who)s", { time: at(mark.at), who: mark.crew_name ?? mark.name }));
  const still = awaited.filter((crew) => !marks.some((mark) => mark.crew_name === crew));
  if (!read.length) return still.length > 1 ? _("not read yet by %(who)s", { who: still.join(", ") }) : _("not read yet");
  return [...read, ...still.map((who) => _("not read yet by %(who)s", { who }))].join(" · ");
}

/** The same of a crew's message, on its phone. */
export function crewReadLabel({ read_by: [mark] }) {
  return mark ? _("read %(time)s at the desk", { time: at(mark.at) }) : _("sent, not read yet");
}
