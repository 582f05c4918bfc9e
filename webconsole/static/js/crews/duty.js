// Setting a crew's duty, with undo.
import { put } from "../core/api.js";
import { dutyLabel } from "../core/labels.js";
import { state } from "../core/store.js";
import { attempt } from "../incidents/attempt.js";
import { offerUndo } from "../widgets/undo.js";

export function setDuty(crew, duty, { undo = true } = {}) {
  const { duty: before, name } = state.crews.get(crew.id) ?? {};
  return attempt(() => put(`/crews/${crew.id}/duty`, { duty }), () => {
    if (undo && before && before !== duty) offerUndo(`${name}: ${dutyLabel(duty)}`, () => setDuty(crew, before, { undo: false }));
  });
}
