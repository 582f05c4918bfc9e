// Parsing of what is typed on the command line. Pure: commands in, the parsed line out.

/** "/send  crew12 → 418" as {word: "send", rest: "crew12 → 418", spaced: true}. */
export function takeApart(typed) {
  const plain = typed.replace(/^[/／、\s]+/u, "");
  const [, word, gap, rest] = /^(\S*)(\s*)(.*)$/su.exec(plain);
  return { word, rest: rest.trimEnd(), spaced: gap.length > 0 };
}

const same = (a, b) => a.localeCompare(b, undefined, { sensitivity: "base" }) === 0;

/** The command that a word names; undefined where none or several begin with it. */
export function named(commands, word) {
  const exact = commands.find((command) => command.words.some((each) => same(each, word)));
  if (exact || !word) return exact;
  const begun = commands.filter((command) => command.words.some((each) => same(each.slice(0, word.length), word)));
  return begun.length === 1 ? begun[0] : undefined;
}

/** Commands that a half-typed word may mean: by their words first, then by what they do. */
export function meant(commands, word) {
  const typed = word.toLocaleLowerCase();
  const byWord = commands.filter((command) => command.words.some((each) => each.toLocaleLowerCase().startsWith(typed)));
  const byTitle = commands.filter((command) => !byWord.includes(command) && typed.length > 2 && command.title().toLocaleLowerCase().includes(typed));
  return [...byWord, ...byTitle];
}

/** The word of a command to write on the line: in the script it was begun in. */
export const wordFor = (command, typed) =>
  command.words.find((each) => typed && each.toLocaleLowerCase().startsWith(typed.toLocaleLowerCase())) ?? command.words[0];
