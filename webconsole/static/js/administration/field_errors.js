// What the server refused, at the field of its name; the first of them gets the focus.
import { el, fill, text } from "../core/dom.js";

// "weekly[0]" is "weekly.0".
const plain = (name) => name.replace(/\[([^\]]*)\]/g, ".$1");
const belongs = (error, field) => error === field || error.startsWith(`${field}.`);

/**
 * `fields` are messages by name, `message` what to say where no field is to blame. "skills.0" stands
 * at "skills" unless the form has a place of its own for it.
 */
export function showFieldErrors(form, below, fields, message = "") {
  const places = [...form.querySelectorAll("[data-field]")].sort((a, b) => b.dataset.field.length - a.dataset.field.length);
  const said = new Map(places.map((place) => [place, []]));
  const rest = [];
  for (const [name, sentence] of Object.entries(fields)) {
    const place = places.find((each) => belongs(plain(name), each.dataset.field));
    if (place) said.get(place).push(sentence);
    else rest.push(`${name}: ${sentence}`);
  }
  for (const [place, sentences] of said) {
    text(place, sentences.join("; "));
    controlOf(form, place)?.setAttribute("aria-invalid", String(sentences.length > 0));
  }
  fill(below, rest.length ? el("span", {}, rest.join("; ")) : Object.keys(fields).length ? null : message);
  const wrong = form.querySelector('[aria-invalid="true"]');
  if (wrong) wrong.focus();
  else if (below.textContent) below.focus();
}

const controlOf = (form, place) => form.querySelector(`[id="${place.id.replace(/-error$/, "")}"]`);
