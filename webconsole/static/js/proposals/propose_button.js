// Ways to a proposal: a button in the heading of what waits, and a command.
import { addCommand } from "../command_line/registry.js";
import { may } from "../core/boot.js";
import { el, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on } from "../core/store.js";
import { propose, waitingNow } from "./proposals.js";

const FEWEST = 2;

/** The button of the heading; it is there while several wait. */
export function proposeButton() {
  const button = el("button.quiet.small.heading-act", { type: "button", data: { command: "proposal.make" }, title: _("Looks at all crews together, the most urgent incidents first. Nothing is sent yet."), onclick: propose });
  const draw = () => {
    const n = waitingNow().length;
    button.hidden = n < FEWEST || !may("assignment.send");
    text(button, _("Crews for all %(n)s…", { n }));
  };
  on("incidents", draw);
  draw();
  return button;
}

addCommand({
  id: "proposal.make", needs: "assignment.send", group: () => _("Incidents"), title: () => _("Propose crews for all that wait"), keys: ["g a"], words: ["propose", "分派"],
  when: () => waitingNow().length > 0, run: propose,
});
