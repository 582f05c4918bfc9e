// The plan on the screen: standby points and conditions. Panels and map read it and listen; only the
// functions here write.

let number = 0;

export class Plan {
  #listeners = new Set();

  constructor(conditions) {
    this.posts = [];
    this.conditions = conditions;
    /** The scenario that is open: {id, version, name}; null for one that was never kept. */
    this.scenario = null;
    this.saved = this.#look();
  }

  /** Listen: `listener(what)`, where `what` is "posts", "place", "names" or "conditions". */
  on(listener) {
    this.#listeners.add(listener);
  }

  #tell(what) {
    for (const listener of this.#listeners) listener(what);
  }

  #look() {
    return JSON.stringify([this.told().posts, this.conditions]);
  }

  /** Whether something differs from what was kept last. */
  get changed() {
    return this.#look() !== this.saved;
  }

  /** Posts and conditions as the API takes them. */
  told() {
    return { posts: this.posts.map(({ name, lon, lat }) => ({ name, lon, lat })), conditions: this.conditions };
  }

  /** Add points at places {name, lon, lat}; the answer is the last of them. */
  add(places) {
    const made = places.map(({ name = "", lon, lat }) => ({ id: (number += 1), name, lon, lat }));
    this.posts = [...this.posts, ...made];
    this.#tell("posts");
    return made.at(-1);
  }

  move(id, lon, lat) {
    this.posts = this.posts.map((post) => (post.id === id ? { ...post, lon, lat } : post));
    this.#tell("place");
  }

  rename(id, name) {
    this.posts = this.posts.map((post) => (post.id === id ? { ...post, name } : post));
    this.#tell("names");
  }

  remove(id) {
    this.posts = this.posts.filter((post) => post.id !== id);
    this.#tell("posts");
  }

  clear() {
    this.posts = [];
    this.#tell("posts");
  }

  set(conditions) {
    this.conditions = { ...this.conditions, ...conditions };
    this.#tell("conditions");
  }

  /** Show a scenario as the API tells it; null: an empty plan. */
  open(scenario) {
    this.posts = (scenario?.posts ?? []).map((post) => ({ id: (number += 1), ...post }));
    if (scenario) this.conditions = { ...scenario.conditions };
    this.keep(scenario);
    this.#tell("posts");
    this.#tell("conditions");
  }

  /** What is on the screen is kept as this scenario. */
  keep(scenario) {
    this.scenario = scenario && { id: scenario.id, version: scenario.version, name: scenario.name };
    this.saved = this.#look();
    this.#tell("names");
  }
}
