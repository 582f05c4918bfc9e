// As much of a page as the console's modules need where there is no browser: elements that keep
// their children, words and listeners; no layout, no style. `page` is what the tests turn.
const page = { answers: [], asked: [], listeners: {} };
globalThis.page = page;

class Node {
  constructor(tag = "") {
    Object.assign(this, { tagName: tag.toUpperCase(), children: [], attributes: {}, dataset: {}, style: {}, heard: {}, own: "" });
    this.classList = { toggle: () => {}, add: () => {}, remove: () => {}, contains: () => false };
  }

  append(...nodes) {
    for (const node of nodes) {
      const child = node instanceof Node ? node : Object.assign(new Node(), { own: String(node) });
      child.parent = this;
      this.children.push(child);
    }
  }

  prepend(...nodes) {
    const there = this.children;
    this.children = [];
    this.append(...nodes);
    this.children.push(...there);
  }

  insertBefore(node, before) {
    node.parent = this;
    this.children.splice(before ? this.children.indexOf(before) : this.children.length, 0, node);
  }

  replaceChildren(...nodes) {
    this.own = "";
    this.children = [];
    this.append(...nodes);
  }

  remove() {
    if (this.parent) this.parent.children = this.parent.children.filter((each) => each !== this);
    this.parent = null;
  }

  get firstElementChild() { return this.children[0] ?? null; }
  get firstChild() { return this.children[0] ?? null; }
  get nextElementSibling() { return this.parent.children[this.parent.children.indexOf(this) + 1] ?? null; }
  get textContent() { return this.own + this.children.map((each) => each.textContent).join(""); }
  set textContent(words) { this.replaceChildren(); this.own = words; }
  setAttribute(name, value) { this.attributes[name] = value; }
  getAttribute(name) { return this.attributes[name] ?? null; }
  removeAttribute(name) { delete this.attributes[name]; }
  addEventListener(kind, listener) { (this.heard[kind] ??= []).push(listener); }
  removeEventListener() {}
  dispatch(kind, detail = {}) { for (const listener of this.heard[kind] ?? []) listener({ target: this, preventDefault() {}, ...detail }); }
  contains(node) { return node === this || this.children.some((each) => each.contains(node)); }
  /** Selectors of one kind: "h2", ".field-error", '[id="pin-kind"]'. */
  matches(selector) {
    if (selector.startsWith(".")) return (this.className ?? "").split(" ").includes(selector.slice(1));
    const [, name, value] = /^\[(\w+)="(.*)"\]$/.exec(selector) ?? [];
    return name ? this.attributes[name] === value : this.tagName === selector.toUpperCase();
  }

  closest() { return null; }
  querySelector(selector) { return this.querySelectorAll(selector)[0] ?? null; }
  querySelectorAll(selector) {
    return this.children.flatMap((each) => [...(each.matches(selector) ? [each] : []), ...each.querySelectorAll(selector)]);
  }

  get id() { return this.attributes.id ?? ""; }
  set id(value) { this.attributes.id = value; }
  getBoundingClientRect() { return { top: 0, left: 0, width: 0, height: 0, bottom: 0, right: 0 }; }
  scrollIntoView() {}
  focus() { document.activeElement = this; }
  blur() { document.activeElement = document.body; }
  showModal() {}
  close() { page.closed = this; }
}

const byId = { boot: Object.assign(new Node(), { own: JSON.stringify({ locale: "en", kinds: [], roles: [] }) }) };
globalThis.Node = Node;
globalThis.Element = Node;
globalThis.window = globalThis;
globalThis.document = Object.assign(new Node("document"), {
  documentElement: new Node("html"), body: new Node("body"), hidden: false,
  createElement: (tag) => new Node(tag),
  createElementNS: (_space, tag) => new Node(tag),
  getElementById: (id) => (byId[id] ??= new Node("div")),
  dispatchEvent: () => {},
});
document.activeElement = document.body;
page.faults = [];
globalThis.reportError = (error) => page.faults.push(error.message);
globalThis.addEventListener = (kind, listener) => { (page.listeners[kind] ??= []).push(listener); };
globalThis.matchMedia = () => ({ matches: false, addEventListener() {} });
globalThis.location = { search: "", href: "http://desk/", pathname: "/" };
globalThis.BroadcastChannel = class { postMessage() {} addEventListener() {} close() {} };
globalThis.ResizeObserver = class { observe() {} disconnect() {} };
globalThis.MutationObserver = class { observe() {} disconnect() {} };
for (const kept of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(globalThis, kept, { value: { getItem: () => null, setItem() {}, removeItem() {} } });
}

/**
 * Answers of the server: the newest of `page.answers` whose path begins the asked one.
 * {path, json}, {path, status}, {path, offline: true}; `json` may be a function of the request.
 */
globalThis.fetch = async (url, { method = "GET", body } = {}) => {
  const path = url.replace("/api/v1", "");
  page.asked.push({ method, path, body: body ? JSON.parse(body) : null });
  const found = page.answers.findLast((each) => path.startsWith(each.path));
  if (!found || found.offline) throw new TypeError("offline");
  const json = typeof found.json === "function" ? await found.json(path) : found.json;
  return new Response(JSON.stringify(json ?? {}), { status: found.status ?? 200 });
};

page.answer = (path, json, more = {}) => page.answers.push({ path, json, ...more });
/** Let everything run that waits for nothing outside. */
page.settle = async () => { for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done)); };
page.said = () => page.asked.map(({ method, path }) => `${method} ${path}`);
