// Takes over what pages of an older version left on this phone, in localStorage and in a database of its
// own, when there were five queues. It goes from there once it is kept here; should the page be closed in
// between, it is taken over again under the same names.
import { readStored } from "../core/browser_storage.js";
import { _ } from "../core/i18n.js";

const RECORD = "nearcrew-record";
const STORE = "waiting";
const SAYS = {
  accept: () => _("Accept"),
  decline: () => _("Decline"),
  depart: () => _("Depart"),
  arrive: () => _("We are there"),
  complete: () => _("Complete"),
  "check-in": () => _("We are all right"),
  sos: () => "SOS",
  "need-help": () => _("We need help"),
};
const says = (kind) => SAYS[kind]?.() ?? kind;

/** Body without what the outbox adds itself. */
function split({ client_id: clientId, ...body }) {
  return { clientId, body };
}

function fromSteps(left) {
  const last = new Map(); // by order: a step makes no sense without the one before it
  return left.map(({ assignmentId, noticeId, assignment, action, body }) => {
    const { clientId, body: rest } = split(body);
    const told = { clientId, body: rest, clock: "occurred_at" };
    if (noticeId !== undefined) {
      return { ...told, kind: "understood", path: `/notices/${noticeId}/understood`, about: { orderId: assignment, noticeId }, says: _("Understood") };
    }
    const after = last.has(assignmentId) ? [last.get(assignmentId)] : [];
    last.set(assignmentId, clientId);
    return { ...told, kind: action, path: `/assignments/${assignmentId}/${action}`, about: { orderId: assignmentId }, after, says: says(action) };
  });
}

const fromSafety = (left, crewId) =>
  left.map(({ what, body }) => {
    const { clientId, body: rest } = split(body);
    return { clientId, kind: what, path: `/crews/${crewId}/${what}`, body: rest, clock: "occurred_at", says: says(what) };
  });

const message = ({ incidentId, words }) => ({
  kind: "message",
  path: `/incidents/${incidentId}/messages`,
  clock: "written_at",
  about: { incidentId },
  says: _("Message “%(words)s”", { words }),
});

const fromMessages = (left) =>
  left.map((each) => ({ ...message(each), clientId: each.clientId, body: { words: each.words, written_at: each.writtenAt } }));

const fromRefused = (left) =>
  left.map((each, index) => ({
    ...message(each),
    clientId: `refused-before-${index}`,
    body: { words: each.words },
    why: { message: each.why, status: 0, code: "failed", already: false, state: null },
  }));

const fromRecord = ({ clientId, incidentId, kind, facts, blob }) => ({
  clientId,
  kind,
  path: `/incidents/${incidentId}/${kind === "note" ? "notes" : "photos"}`,
  body: facts,
  blob: kind === "note" ? null : blob,
  about: { incidentId },
  says: kind === "note" ? _("Note “%(words)s”", { words: facts.words }) : _("Photo"),
});

const LISTS = {
  "nearcrew-outbox": fromSteps,
  "nearcrew-safety": fromSafety,
  "nearcrew-messages": fromMessages,
  "nearcrew-refused-messages": fromRefused,
};

/** Take over into `outbox` what an older page left for its crew. */
export async function takeOver(outbox) {
  for (const [name, read] of Object.entries(LISTS)) {
    const key = `${name}-${outbox.crewId}`;
    const left = readStored(key, null);
    if (!Array.isArray(left)) continue;
    // Not waited for: on a full disk it is kept when there is room, and goes from there then.
    Promise.all(read(left, outbox.crewId).map((each) => outbox.put(each))).then(() => localStorage.removeItem(key));
  }
  try {
    await takeRecords(outbox);
  } catch {
    // As there was no way to keep anything, nothing was kept.
  }
}

async function takeRecords(outbox) {
  const old = await openedIfThere();
  if (!old) return;
  const entries = await asked(old.transaction(STORE).objectStore(STORE).getAll());
  const own = entries.filter(({ crewId }) => crewId === outbox.crewId).sort((a, b) => a.addedAt - b.addedAt);
  const taken = own.map(async (entry) => {
    await outbox.put(fromRecord(entry));
    await asked(old.transaction(STORE, "readwrite").objectStore(STORE).delete(entry.clientId));
  });
  Promise.all(taken).then(() => {
    old.close();
    if (own.length === entries.length) indexedDB.deleteDatabase(RECORD);
  }, () => old.close());
}

const asked = (request) =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

/** The old database, or null: looking for it must not make it. */
function openedIfThere() {
  return new Promise((done, fail) => {
    const opening = indexedDB.open(RECORD);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => (opening.error?.name === "AbortError" ? done(null) : fail(opening.error));
    opening.onblocked = () => fail(new Error("blocked"));
  });
}
