// The command line with completion: an ARIA combobox with a list. The focus stays in the field, the
// arrow keys move through the list.
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { noteToast } from "../widgets/toasts.js";
import { sentence } from "./command_error.js";
import { History } from "./line_history.js";
import { meant, named, takeApart, wordFor } from "./parsing.js";
import { allCommands, commandOf } from "./registry.js";

const PAUSE_MS = 120;
const MOST = 9;
const history = new History();

class CommandLine {
  constructor() {
    this.options = [];
    this.at = -1;
    this.asked = 0;
    this.input = el("input.command-input", {
      type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": "command-options", "aria-autocomplete": "list",
      "aria-describedby": "command-said", "aria-label": _("Command"), autocomplete: "off", autocapitalize: "none", spellcheck: "false",
      placeholder: _("Type a command: send, find, theme…"),
    });
    this.list = el("ul.command-options", { id: "command-options", role: "listbox", "aria-label": _("Completions"), hidden: true });
    this.said = el("p.command-said", { id: "command-said", role: "status" });
    this.node = el("dialog.command-line", { "aria-label": _("Command line") },
      el("form", { method: "dialog" }, el("span.slash", { "aria-hidden": "true" }, "/"), this.input), this.list, this.said);
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.node.addEventListener("submit", (event) => event.preventDefault());
    this.node.addEventListener("click", (event) => event.target === this.node && this.node.close());
    this.node.addEventListener("close", () => {
      clearTimeout(this.soon);
      this.asked += 1;
      this.node.remove();
    });
  }

  open(typed) {
    document.body.append(this.node);
    this.node.showModal();
    this.input.value = typed;
    this.input.focus();
    this.#typed();
  }

  #commands = () => allCommands().filter((command) => command.words.length);

  #typed() {
    this.#say("");
    clearTimeout(this.soon);
    this.asked += 1;
    const { word, rest, spaced } = takeApart(this.input.value);
    const command = spaced ? named(this.#commands(), word) : undefined;
    if (!command) {
      const found = meant(this.#commands(), word);
      if (found.length || !word) {
        this.#show(found.map((each) => this.#asOption(each, word)));
        return;
      }
    }
    // A line that begins with no command is looked for.
    const asked = command ?? commandOf("find");
    if (!asked?.suggest) {
      this.#show([]);
      if (command?.usage()) this.#say(`/${word} ${command.usage()}`);
      return;
    }
    const number = this.asked;
    this.soon = setTimeout(async () => {
      try {
        const found = await asked.suggest(command ? rest : `${word} ${rest}`.trim());
        if (number === this.asked) this.#show(found ?? []);
      } catch (error) {
        if (number === this.asked) this.#say(sentence(error), true);
      }
    }, PAUSE_MS);
  }

  #asOption(command, typed) {
    const word = wordFor(command, typed);
    return { label: `/${word} ${command.usage()}`.trim(), detail: command.title(), line: command.usage() ? `${word} ` : null, run: () => command.run(""), kept: word };
  }

  #show(options) {
    this.options = options.slice(0, MOST);
    this.at = -1;
    fill(this.list, this.options.map((option, index) =>
      el("li", {
        role: "option", id: `command-option-${index}`, "aria-selected": "false",
        onpointerdown: (event) => event.preventDefault(), // the focus stays in the field
        onclick: () => this.#choose(index),
      }, el("span.label", {}, option.label), " ", el("span.detail", {}, option.detail ?? ""))));
    this.list.hidden = this.options.length === 0;
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
    this.#mark(-1);
  }

  #mark(index) {
    this.at = index;
    [...this.list.children].forEach((row, each) => row.setAttribute("aria-selected", String(each === index)));
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else {
      this.input.setAttribute("aria-activedescendant", `command-option-${index}`);
      this.list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return; // Enter ends the composition, no more
    const { key } = event;
    if (key === "Enter") event.repeat || this.#enter(); // a key held down is one word
    else if (key === "ArrowDown") this.#down();
    else if (key === "ArrowUp") this.#up();
    else if (key === "Tab" && this.options.length && !event.shiftKey) this.#complete();
    else return;
    event.preventDefault();
  }

  #down() {
    if (this.history) this.#write(history.newer());
    else if (this.options.length) this.#mark((this.at + 1) % this.options.length);
  }

  /** Up the list; from its top, and from an untouched line, back through what was done before. */
  #up() {
    if (this.at > 0) this.#mark(this.at - 1);
    else {
      const line = history.older();
      if (line === null) return;
      this.#write(line);
      this.history = true;
    }
  }

  #write(line) {
    this.input.value = line;
    this.#typed();
    this.history = history.at < history.lines.length;
  }

  #complete() {
    const option = this.options[Math.max(0, this.at)];
    const { word } = takeApart(this.input.value);
    if (option.kept) this.#write(`${option.kept} `);
    else if (option.fill !== undefined) this.#write(`${word} ${option.fill}`);
    else this.#mark(Math.max(0, this.at));
    this.history = false;
  }

  #choose(index) {
    const option = this.options[index];
    if (option.line) this.#write(option.line);
    else if (option.fill !== undefined && !option.run) this.#write(`${takeApart(this.input.value).word} ${option.fill}`);
    else this.#do(option.run, option.kept ?? this.input.value);
    this.history = false;
  }

  #enter() {
    if (this.at >= 0) {
      this.#choose(this.at);
      return;
    }
    const { word, rest } = takeApart(this.input.value);
    if (!word) return;
    const command = named(this.#commands(), word);
    if (command) this.#do(() => command.run(rest), this.input.value);
    else if (commandOf("find")?.run) this.#do(() => commandOf("find").run(`${word} ${rest}`.trim()), this.input.value);
    else this.#say(_("There is no command “%(word)s”. ? shows them all.", { word }), true);
  }

  /** Do it, and go; what cannot be done is said here, with the line still there to be mended. */
  async #do(run, line) {
    if (this.input.readOnly) return; // it is being done
    this.input.readOnly = true;
    try {
      const said = await run();
      history.add(line.replace(/^[/／、\s]+/u, "").trim());
      this.node.close();
      if (typeof said === "string" && said) noteToast(said);
    } catch (error) {
      this.#say(sentence(error), true);
    } finally {
      this.input.readOnly = false;
    }
  }

  #say(words, wrong = false) {
    text(this.said, words);
    this.said.classList.toggle("wrong", wrong);
    this.said.setAttribute("role", wrong ? "alert" : "status");
  }
}

/** Open the line, perhaps begun already. */
export function openCommandLine(typed = "") {
  if (document.querySelector("dialog.command-line[open]")) return;
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  new CommandLine().open(typed);
}
