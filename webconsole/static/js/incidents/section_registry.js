// Registry of the sections under an incident's head. Each area registers its own; the panel shows
// them in order, folded or open as this browser last left them.

import { may } from "../core/boot.js";

const sections = new Map();

/**
 * A section:
 *   id      unique; what is remembered, and `data-section` on the page
 *   title   () => heading, in the page's language
 *   order   where it stands: messages 5, offer 9, candidates 10, danger radius 15, details 20,
 *           nearby 30, reports 40, merged incidents 42, notes 50, photos 60, earlier orders 70, timeline 80
 *   open    whether it is open until somebody folds it; left out: true
 *   kept    whether this browser remembers how it was left; left out: true
 *   calls   (incident) => how much in it waits to be seen; when that grows, it opens by itself
 *   count   (incident) => number shown beside the title, or null; left out: none
 *   when    (incident) => whether there is anything to show at all; left out: always
 *   needs   the permission without which it is not there; left out: none
 *   make    (incidentId) => {node, close(), update?(incident), aside?}; called when the section is
 *           first opened. `aside` is a node that stands at the right end of the heading.
 */
export function addIncidentSection(section) {
  sections.set(section.id, { open: true, kept: true, calls: () => 0, count: () => null, when: () => true, ...section });
}

export const incidentSections = () => [...sections.values()].filter(({ needs }) => may(needs)).sort((a, b) => a.order - b.order);
