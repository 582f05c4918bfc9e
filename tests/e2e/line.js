// The line between a page and the API, cut on demand. `window.testLine` says how it is:
// {cut: pattern of paths, lose: pattern of paths, heard: {path: status}}, kept for pages opened later.
(() => {
  if (window.testLine) return;
  const KEPT = "test-line";
  const send = window.fetch.bind(window);
  const read = () => JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  const write = (change) => localStorage.setItem(KEPT, JSON.stringify({ ...read(), ...change }));
  const matches = (pattern, path) => Boolean(pattern) && new RegExp(pattern).test(path);
  const lost = () => new TypeError("Failed to fetch");

  window.testLine = { read, write };
  window.fetch = async (asked, options) => {
    const method = options?.method ?? asked.method ?? "GET";
    const path = new URL(asked.url ?? asked, location.href).pathname;
    if (method === "GET" || !path.startsWith("/api/v1/")) return send(asked, options);
    const { cut, lose, heard = {} } = read();
    if (matches(cut, path)) throw lost();
    if (!matches(lose, path) || path in heard) return send(asked, options);
    const answer = await send(asked, options);
    write({ heard: { ...read().heard, [path]: answer.status } });
    throw lost();
  };
})();
