import assert from "node:assert/strict";
import { test } from "node:test";
import { FILES_CACHE, asKept, isAway, isLasting, isPage, isTooOld, kindOf, staleCaches } from "../../../../webconsole/static/js/kept/worker_rules.js";

const HOME = "https://desk";
const [FORMER, OWN, NEXT, OLDEST] = ["a", "b", "c", "d"].map((letter) => letter.repeat(16));

test("the worker answers for the crew's page and for files of a build, and for nothing else", () => {
  const kind = (path, { mode = "cors", method = "GET", home = HOME } = {}) => kindOf({ url: home + path, mode, method }, HOME);

  assert.equal(kind("/crew", { mode: "navigate" }), "page");
  assert.equal(kind("/crew?from=push", { mode: "navigate" }), "page");
  assert.equal(kind(`/static/${OWN}/gen/crew.css`), "file");
  for (const path of ["/api/v1/stream", "/api/v1/crews/1", "/tiles/1/2/3.mvt?g=1", "/static/x/js/zones.js", "/crew-sw.js"]) assert.equal(kind(path), null, path);
  for (const path of ["/crews", "/sign-in?next=/crew", "/"]) assert.equal(kind(path, { mode: "navigate" }), null, path);
  assert.equal(kind("/crew", { mode: "navigate", method: "POST" }), null);
  assert.equal(kind(`/static/${OWN}/gen/crew.css`, { home: "https://elsewhere" }), null);
});

test("neither a redirect nor a refusal is kept as the page, and only files that the server marks as lasting", () => {
  const headers = (fields) => new Headers(fields);
  const page = { status: 200, redirected: false, type: "basic", headers: headers({ "Content-Type": "text/html; charset=utf-8" }) };

  assert.ok(isPage(page));
  assert.ok(!isPage({ ...page, redirected: true }));
  assert.ok(!isPage({ ...page, status: 0, type: "opaqueredirect" }));
  assert.ok(!isPage({ ...page, status: 403 }));
  assert.ok(!isPage({ ...page, headers: headers({ "Content-Type": "application/json" }) }));
  assert.ok(isLasting({ status: 200, headers: headers({ "Cache-Control": "public, max-age=31536000, immutable" }) }));
  assert.ok(!isLasting({ status: 200, headers: headers({ "Cache-Control": "no-cache, max-age=0" }) }));
  assert.ok(!isLasting({ status: 404, headers: headers({ "Cache-Control": "immutable" }) }));
  assert.deepEqual([500, 502, 503, 504].map((status) => isAway({ status })), [false, true, true, true]);
});

test("a kept page says of itself that it is, and is not shown after a week", () => {
  assert.equal(asKept('<!doctype html>\n<html lang="en"><p>&lt;html </p>', 1700), '<!doctype html>\n<html data-kept="1700" lang="en"><p>&lt;html </p>');
  const day = 86_400_000;
  assert.ok(!isTooOld(1, 1 + 6 * day));
  assert.ok(isTooOld(1, 1 + 7 * day));
  assert.ok(isTooOld(NaN, 5));
});

test("files of builds that a page may still ask for stay", () => {
  const names = ["nearcrew-page", "theirs", ...[OLDEST, FORMER, OWN, NEXT].map((build) => FILES_CACHE + build)];
  const html = `<script src="/static/${FORMER}/gen/js/pages/crew.js">`;

  assert.deepEqual(staleCaches(names, { version: OWN, pageHtml: html }), [FILES_CACHE + OLDEST]);
  assert.deepEqual(staleCaches(names, { version: OWN, pageHtml: undefined }), [FILES_CACHE + OLDEST, FILES_CACHE + FORMER]);
  assert.deepEqual(staleCaches(names.slice(0, 3), { version: OLDEST, pageHtml: "" }), []);
});
