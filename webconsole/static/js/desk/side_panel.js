// The right panel: shows one thing at a time, whatever is selected.
import { ClosingForm } from "../closures/closure_form.js";
import { ClosuresPanel } from "../closures/closure_list.js";
import { ApiError } from "../core/api.js";
import { fill } from "../core/dom.js";
import { on, select, state } from "../core/store.js";
import { OverviewPanel } from "../crews/crew_overview.js";
import { CrewPanel } from "../crews/crew_panel.js";
import { IncidentPanel } from "../incidents/incident_panel.js";
import { PinForm } from "../incidents/pin_form.js";
import { LayersPanel } from "../layers/layer_panel.js";
import { loadIncident } from "../live/loading.js";
import { ProposalPanel } from "../proposals/proposal_panel.js";
import { refusalToast } from "../widgets/toasts.js";
import { ZoneForm } from "../zones/zone_form.js";
import { ZonesPanel } from "../zones/zone_list.js";

const make = {
  incident: (id) => new IncidentPanel(id),
  crew: (id) => new CrewPanel(id),
  pin: () => new PinForm(),
  closures: (id) => new ClosuresPanel(id),
  closing: () => new ClosingForm(),
  layers: () => new LayersPanel(),
  proposal: () => new ProposalPanel(),
  zones: (id) => new ZonesPanel(id),
  zone: (id) => new ZoneForm(id),
  edit: (id) => new PinForm(state.incidents.get(id) ?? null),
};

const STACKED = window.matchMedia("(max-width: 619px)"); // as layout.css has it

/** On a phone what was chosen may be a screen or two away. */
function bringIn(node) {
  const { top } = node.getBoundingClientRect();
  if (STACKED.matches && (top < 0 || top > window.innerHeight * 0.75)) node.scrollIntoView({ block: "start" });
}

function toHead(panel) {
  const heading = panel.node.querySelector("h2");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

export function sidePanel(node) {
  let shown = null;
  let panel = null;
  let drawn = false;

  const draw = async () => {
    const { kind, id } = state.selection;
    const key = `${kind}:${id}`;
    if (key === shown) return;
    shown = key;
    const wasHere = node.contains(document.activeElement);
    panel?.close();
    panel = kind ? make[kind](id) : new OverviewPanel();
    fill(node, panel.node);
    node.classList.toggle("chosen", Boolean(kind));
    if (drawn) bringIn(kind ? node : document.getElementById("queue"));
    drawn = true;
    // A form wants the keyboard; a choice in the queue leaves it there, for the arrows. What was
    // pressed here is gone with its panel: go on from the head of the next.
    if (kind === "pin" || kind === "edit") panel.focus();
    else if (wasHere) toHead(panel);
    if (kind === "incident" && !state.incidents.has(id)) {
      try {
        await loadIncident(id);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refusalToast(error.message);
        if (shown === key) select(null);
      }
    }
  };

  on("selection", draw);
  draw();
}
