// Searches the names that a phone keeps: without accents, by the beginnings of words, with house
// numbers, in Chinese, pinyin or its initials. A pocket edition of the server's search.

const HAN = /\p{Script=Han}/u;
const WORDS = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;
const STROKES = { ø: "o", đ: "d", ł: "l", æ: "ae", œ: "oe", ð: "d", þ: "th", ı: "i" };
const FAR_M = 500;
const PER_DOUBLING = 0.03;
const M_PER_DEGREE = 111_320;
const HOUSE = /^\d+[a-z]{0,6}$/;

/** A text without case, accents, strokes and full-width forms. */
export function fold(words) {
  const flat = words.normalize("NFKC").toLowerCase().replace(/[øđłæœðþı]/g, (letter) => STROKES[letter]);
  return flat.normalize("NFD").replace(/\p{Mn}/gu, "");
}

/** The folded words of a text; Chinese characters in a row are one word. */
export const wordsOf = (words) => fold(words).match(WORDS) ?? [];

const metres = (a, b) => {
  const east = (a.lon - b.lon) * Math.cos((b.lat * Math.PI) / 180);
  return Math.hypot(east, a.lat - b.lat) * M_PER_DEGREE;
};

export class NameSearch {
  /** `list`: as `/api/v1/kit/names` gives it. */
  constructor(list) {
    this.list = list;
    this.same = new Map();
    for (const [number, words] of list.same_words.entries()) {
      for (const word of words) this.same.set(word, [...(this.same.get(word) ?? []), number]);
    }
    this.entries = list.names.map(([name, category, east, north, where = "", others = "", pinyin = ""], index) => {
      const syllables = pinyin ? pinyin.split(" ") : [];
      return {
        index, name, category, where, syllables,
        lon: list.origin[0] + east / list.steps_per_degree,
        lat: list.origin[1] + north / list.steps_per_degree,
        forms: [name, ...(others ? others.split("|") : [])].map((form) => ({ form, words: wordsOf(form) })),
        letters: syllables.join(""),
        initials: syllables.map(([letter]) => letter).join(""),
      };
    });
    this.houses = new Map(list.houses.map(([street, ...flat]) => [street, flat]));
  }

  #alike(typed, word, isLast) {
    if (typed === word) return 1;
    if (isLast ? word.startsWith(typed) : false) return 0.8 + (0.15 * typed.length) / word.length;
    const means = this.same.get(word);
    if (means && this.same.get(typed)?.some((number) => means.includes(number))) return 0.95;
    if (HAN.test(typed) && word.includes(typed)) return 0.85;
    return word.length > 3 && word.startsWith(typed) ? 0.75 : 0;
  }

  /** How well typed words fit a name, 0 to 1: each must fit one of the name's, which may be in any order. */
  #fit(typed, words) {
    let sum = 0;
    for (const [at, word] of typed.entries()) {
      const best = Math.max(0, ...words.map((other) => this.#alike(word, other, at === typed.length - 1)));
      if (best === 0) return 0;
      sum += best;
    }
    const complete = Math.min(1, typed.length / words.length);
    return (sum / typed.length) * (0.8 + 0.2 * complete);
  }

  /** {worth, called} of an entry; null where it does not fit. */
  #judge(entry, typed, solid) {
    let best = null;
    for (const { form, words } of entry.forms) {
      const worth = this.#fit(typed, words);
      if (worth > (best?.worth ?? 0)) best = { worth, called: form === entry.name ? null : form };
    }
    if (entry.letters && /^[a-z]+$/.test(solid)) {
      const worth = entry.letters.startsWith(solid) ? 0.9 : solid.length > 1 && entry.initials.startsWith(solid) ? 0.8 : 0;
      if (worth > (best?.worth ?? 0)) best = { worth, called: null };
    }
    return best;
  }

  /** Street and number, as they are written where the street has this name. */
  #label(street, house) {
    if (HAN.test(street)) return /\d$/.test(house) ? `${street}${house}号` : `${street}${house}`;
    const words = wordsOf(street);
    const [begins, ends] = this.list.number_first;
    return begins.includes(words[0]) || ends.includes(words.at(-1)) ? `${house} ${street}` : `${street} ${house}`;
  }

  #houseOf(entry, house) {
    const flat = this.houses.get(entry.index) ?? [];
    for (let at = 0; at < flat.length; at += 3) {
      if (fold(flat[at]).replaceAll(" ", "") !== house) continue;
      return {
        house: flat[at],
        lon: entry.lon + flat[at + 1] / this.list.steps_per_degree,
        lat: entry.lat + flat[at + 2] / this.list.steps_per_degree,
      };
    }
    return null;
  }

  #named(typed, solid) {
    return this.entries.map((entry) => ({ entry, found: this.#judge(entry, typed, solid) })).filter(({ found }) => found);
  }

  /** Streets with a number: first or last of what was typed. */
  #addresses(typed) {
    const found = [];
    for (const [number, street] of [[typed.at(-1), typed.slice(0, -1)], [typed[0], typed.slice(1)]]) {
      if (!street.length || !HOUSE.test(number)) continue;
      for (const { entry, found: { worth } } of this.#named(street, street.join(""))) {
        if (entry.category) continue;
        const at = this.#houseOf(entry, number);
        if (at) found.push({ kind: "address", label: this.#label(entry.name, at.house), detail: entry.where, lon: at.lon, lat: at.lat, worth: worth + 0.1, precision: "exact" });
        else found.push({ kind: "address", label: entry.name, detail: entry.where, lon: entry.lon, lat: entry.lat, worth: worth - 0.05, precision: "street", house: number });
      }
    }
    return found;
  }

  /** Results as the server's search gives them, the best first, of equals the nearest to `near`. */
  find(words, { near = null, limit = 10 } = {}) {
    const typed = wordsOf(words.replace(/号/g, " "));
    if (!typed.length) return [];
    const results = [
      ...this.#addresses(typed),
      ...this.#named(typed, fold(words).replace(/[\s'’]/g, "")).map(({ entry, found }) => ({
        kind: entry.category ? "place" : "street", label: entry.name, detail: entry.where, category: entry.category || null,
        called: found.called, lon: entry.lon, lat: entry.lat, worth: found.worth,
      })),
    ];
    for (const result of results) {
      result.distance_m = near ? metres(result, near) : null;
      if (near) result.worth -= PER_DOUBLING * Math.max(0, Math.log2(result.distance_m / FAR_M));
    }
    results.sort((a, b) => b.worth - a.worth);
    return results.slice(0, limit);
  }
}
