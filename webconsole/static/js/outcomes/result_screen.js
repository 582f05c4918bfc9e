// The crew's screen for the end of an order: how it ended, in groups that no glove can mix up, and
// what the desk has to know of it.
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { draftOf, keepDraft, setDraft } from "../kept/drafts.js";
import { _ } from "../core/i18n.js";
import { effectLabel, incidentTitle } from "../core/labels.js";
import { on } from "../core/store.js";
import { DueChoice } from "./due_choice.js";
import { outcomeName } from "./outcome_labels.js";
import { EFFECTS, outcomesOf } from "./outcomes.js";
import { resultParts } from "./result_parts.js";

const SIGNS = { done: "✓", follow_up: "◐", not_done: "✗" };
const WORDS = {
  done: () => _("What was done, what is left"),
  follow_up: () => _("What was done, what is left"),
  not_done: () => _("What do you advise?"),
};
const FINISH = {
  done: () => _("Finish this order"),
  follow_up: () => _("Finish: repair to follow"),
  not_done: () => _("Finish: not done"),
};
const ADVICE = [() => _("Call the caller"), () => _("Key is with a neighbour"), () => _("Another crew has to come"), () => _("Try again later")];

/** `complete({outcome, result, follow_up_due_at})` is called with what was chosen. */
export function resultScreen({ order }, { complete, back }) {
  const title = el("p.address", {}, incidentTitle(order.incident));
  const words = el("textarea", { rows: "3", maxlength: boot.limits.text, oninput: () => say() });
  const keep = keepDraft(words, `result-${order.id}`, { brought: () => say() });
  const choiceKept = `outcome-${order.id}`;
  const due = new DueChoice();
  const go = el("button.big.go", { type: "submit", disabled: true });
  const advice = el("div.advice", { hidden: true }, ADVICE.map((label) => el("button.chip", { type: "button", onclick: () => advise(label()) }, label())));
  let offered = outcomesOf(order.incident.kind);
  let chosen = offered.find(({ code }) => code === draftOf(choiceKept)) ?? null;
  const leave = (then) => {
    stop();
    back();
    then();
  };
  const parts = resultParts(order, { changed: () => say(), leave });

  const advise = (sentence) => {
    words.value = words.value.includes(sentence) ? words.value : [words.value.trim(), sentence].filter(Boolean).join(". ");
    say();
  };
  const say = () => {
    keep();
    const effect = chosen?.effect ?? "done";
    for (const name of ["aria-label", "placeholder"]) words.setAttribute(name, WORDS[effect]());
    due.node.hidden = effect !== "follow_up";
    advice.hidden = effect !== "not_done";
    text(go, FINISH[effect]());
    go.dataset.effect = effect;
    // Of what could not be done the next one has to know something.
    const blocked = parts.map((part) => part.blocks(effect)).some(Boolean);
    go.disabled = !chosen || blocked || (effect === "not_done" && !words.value.trim());
  };
  const choose = (outcome) => {
    chosen = outcome;
    setDraft(choiceKept, outcome.code);
    say();
  };
  const choice = (outcome) =>
    el("label.choice", {},
      el("input", { type: "radio", name: "outcome", value: outcome.code, checked: chosen === outcome, onchange: () => choose(outcome) }),
      el("span", {}, outcomeName(outcome)));
  const group = (effect) => {
    const own = offered.filter((each) => each.effect === effect);
    return own.length
      ? el("fieldset.outcome-group", { data: { effect } },
          el("legend", {}, el("span.sign", { "aria-hidden": "true" }, SIGNS[effect]), effectLabel(effect)), own.map(choice))
      : null;
  };
  const choices = el("div.choices", {}, EFFECTS.map(group));
  // Asked for with the page: who is quicker than the answer is shown the rest when it comes.
  const stop = on("outcomes", () => {
    if (chosen) return;
    offered = outcomesOf(order.incident.kind);
    fill(choices, EFFECTS.map(group));
  });
  const form = el(
    "form.screen.result-screen",
    {
      onsubmit: (event) => {
        event.preventDefault();
        if (go.disabled) return;
        const said = { outcome: chosen.code };
        if (words.value.trim()) said.result = words.value.trim();
        if (due.value) said.follow_up_due_at = due.value;
        stop();
        complete(Object.assign(said, ...parts.map((part) => part.read())));
        for (const part of parts) part.forget();
        words.value = "";
        keep();
        setDraft(choiceKept, "");
      },
    },
    el("div.middle", {}, el("h2.title", {}, _("How did it end?")), title,
      choices, due.node, parts.map(({ node }) => node), advice, words),
    el("div.actions", {}, parts.map(({ note }) => note), go, el("button.big.plain", { type: "button", onclick: () => { stop(); back(); } }, _("Back"))),
  );
  form.update = (now) => text(title, incidentTitle(now.order.incident));
  say();
  return form;
}
