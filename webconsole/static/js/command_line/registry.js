// Registry of the console's commands. Each area registers its own; the sheet of keys (`?`), the
// command line (`/`) and the keyboard only read from here.
import { may } from "../core/boot.js";

/**
 * A command:
 *   id       unique, "area.verb", as "queue.next"
 *   title    () => what it does, in the page's language
 *   group    () => heading on the sheet of keys; left out: "Console"
 *   keys     ways to press it: "j", "Shift+A", "Ctrl+z", "Escape"; "g q" is one after the other
 *   words    what starts it on the command line, in any language; empty: keyboard only
 *   usage    () => what follows the word, as "crew → incident"
 *   run(argumentText)      may return a promise; what it throws is shown in words
 *   suggest(argumentText)  optional; promise of [{label, detail, run}] or [{label, detail, fill}]:
 *                          `run()` does it, `fill` is the argument text to go on with
 *   when     () => whether it can be done now; left out: always. A key that cannot act is left
 *            to the browser.
 *   repeats  true: a key held down does it again and again; else once
 *   needs    the permission without which it is not there; left out: none
 *   hidden   true: works, but does not stand on the sheet (one of a row like 1–9)
 */
const commands = new Map();

/** Register a command; one registered again under its id replaces the former. */
export function addCommand(command) {
  const whole = { keys: [], words: [], usage: () => "", group: null, when: () => true, repeats: false, hidden: false, ...command };
  commands.set(whole.id, whole);
  return whole;
}

/** Every command, in the order of registration. */
export const allCommands = () => [...commands.values()].filter(({ needs }) => may(needs));

/** One command, or undefined. */
export const commandOf = (id) => (may(commands.get(id)?.needs) ? commands.get(id) : undefined);

/** Do one; returns what it returns, so that a promise can be waited for. */
export function runCommand(id, argumentText = "") {
  const command = commands.get(id);
  if (!command) throw new Error(`no such command: ${id}`);
  return command.run(argumentText.trim());
}
