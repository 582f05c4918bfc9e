// Client of the HTTP API: session cookie, CSRF header, problem+json, plain error messages.
import { boot } from "./boot.js";
import { clockKnown, setServerTime } from "./clock.js";
import { _ } from "./i18n.js";

/** A refusal or failure, ready to be shown: `message` is a sentence in the page's language. */
export class ApiError extends Error {
  constructor(message, { status = 0, code = "failed", problem = {} } = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.problem = problem;
    /** Messages by field name, for forms. */
    this.fields = {};
    for (const error of problem.errors ?? problem.fields ?? []) {
      this.fields[error.field] = error.message ?? error.detail ?? "";
    }
  }

  /** The sentence, and what is wrong with which field: for where there is no form to say it at. */
  get whole() {
    return [this.message, Object.values(this.fields).join("; ")].filter(Boolean).join(" ");
  }

  /** True when the server knows nobody by this page's cookie or form token, whatever was asked. */
  get signedOut() {
    return this.status === 401 || this.code === "csrf_failed";
  }

  /** True when the same request may well be taken later: what it carries must not be dropped. */
  get later() {
    return this.offline || this.signedOut || this.status === 429 || this.status >= 500;
  }

  /** True when nothing reached the server or nothing came back: worth trying again. */
  get offline() {
    return this.code === "offline" || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** `crypto.randomUUID` exists only on https and localhost; phones on plain http have this. */
export function newKey() {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

async function problemOf(answer) {
  try {
    return await answer.json();
  } catch {
    return {};
  }
}

/** Wait for something of the server's; an answer may begin and then stop half way, too. */
async function heard(coming, signal) {
  try {
    return await coming;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(_("The server did not answer. Check the connection and try again."), { code: "offline" });
  }
}

const isUnkept = (answer) => /\bno-store\b/.test(answer.headers.get("Cache-Control") ?? "");

async function answerTo(method, path, body, { key, signal, timeoutMs = 15000, accept = "application/json", headers: more = {} } = {}) {
  const headers = { Accept: accept, ...more };
  const isForm = body instanceof FormData; // with a boundary that only the browser knows
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = boot.csrf_token;
  if (key) headers["Idempotency-Key"] = key;
  const limit = AbortSignal.timeout(timeoutMs);
  const answer = await heard(fetch(`/api/v1${path}`, {
    method,
    headers,
    body: body === undefined || isForm ? body : JSON.stringify(body),
    credentials: "same-origin",
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  }), signal);
  // To the second, and late by the way back: better than nothing until the stream tells it. An answer that
  // the browser may have kept is dated when it was kept: a phone started in a cellar would live in last week.
  if (!clockKnown() && isUnkept(answer)) setServerTime(answer.headers.get("Date"));
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  const error = new ApiError(
    problem.detail || problem.title || _("The server answered with an error (%(status)s).", { status: answer.status }),
    { status: answer.status, code: problem.code ?? "failed", problem },
  );
  if (error.signedOut) document.dispatchEvent(new CustomEvent("signedout"));
  throw error;
}

/** Ask for bytes unless they are known by their tag: {tag, content}, content null where nothing is new. */
export async function getIfNew(path, tag, options = {}) {
  try {
    const answer = await answerTo("GET", path, undefined, { accept: "*/*", ...options, headers: tag ? { "If-None-Match": tag } : {} });
    return { tag: answer.headers.get("ETag"), content: await heard(answer.arrayBuffer(), options.signal) };
  } catch (error) {
    if (error.status === 304) return { tag, content: null };
    throw error;
  }
}

/**
 * Call the API and return the answer's JSON (null when it has none).
 *
 * `key` is the idempotency key: the same click sent twice stays one order.
 */
export async function call(method, path, body, options = {}) {
  const answer = await answerTo(method, path, body, options);
  return answer.status === 204 ? null : heard(answer.json(), options.signal);
}

/** Ask for a file: its name, and its content as a Blob. */
export async function getFile(path, options = {}) {
  const answer = await answerTo("GET", path, undefined, { accept: "*/*", ...options });
  const [, name = ""] = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition")) ?? [];
  return { name, content: await heard(answer.blob(), options.signal) };
}

let reader = null;

/** Let what is read come by another way: `read(path, ask)`, where `ask()` asks the server. */
export const readThrough = (read) => (reader = read);

export function get(path, options) {
  const ask = () => call("GET", path, undefined, options);
  return reader && !options?.signal ? reader(path, ask) : ask();
}
export const post = (path, body = {}, options) => call("POST", path, body, options);
export const put = (path, body = {}, options) => call("PUT", path, body, options);
export const patch = (path, body = {}, options) => call("PATCH", path, body, options);
