// What a crew has to answer, as the phone knows it: the server's word, and the taps that it has not
// heard of yet. Pure, so that a phone without signal rings by its own clock.

const at = (iso) => Date.parse(iso);

/** The check-in that is due first, with what was tapped here counted in; null without any. */
export function watchNow(known, pending) {
  const watches = (known?.check_ins ?? []).map((watch) => {
    const wellMs = Math.max(at(watch.well_at), ...pending.map(({ body }) => at(body.occurred_at)));
    return { ...watch, wellMs, dueMs: wellMs + watch.every_s * 1000, alarmMs: wellMs + watch.every_s * 1000 + (at(watch.alarm_at) - at(watch.due_at)) };
  });
  return watches.sort((a, b) => a.dueMs - b.dueMs)[0] ?? null;
}

/** The oldest question to all crews that nothing tapped here answers; null without any. */
export function rollCallNow(known, pending) {
  const answered = ({ asked_at }) => pending.some(({ body }) => at(body.occurred_at) >= at(asked_at));
  return known?.roll_calls.find((call) => !answered(call)) ?? null;
}

/** How an SOS stands: {phase: "none"|"unsent"|"sent"|"seen", …}. */
export function sosNow(known, pending) {
  const sos = known?.sos;
  if (sos?.taken_at) return { phase: "seen", raisedAt: sos.raised_at, by: sos.taken_by, seenAt: sos.taken_at };
  if (sos) return { phase: "sent", raisedAt: sos.raised_at };
  if (pending.length) return { phase: "unsent", raisedAt: pending[0].body.occurred_at };
  return { phase: "none" };
}
