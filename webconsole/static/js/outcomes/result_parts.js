// Registry of what other rooms ask on the crew's screen for the end of an order, beside the outcome.

const parts = [];

/**
 * `make(order, {changed, leave}) → {node, note, read(), blocks(effect), forget()}`:
 *   note    a node beside the button that ends it: what is still missing
 *   read    fields of the command
 *   blocks  whether the order cannot end so yet
 *   forget  it was sent: nothing of it needs to be kept
 * `changed()`: something differs; `leave(then)`: close the screen, then do something else.
 */
export const addResultPart = (make) => parts.push(make);

export const resultParts = (order, hands) => parts.map((make) => make(order, hands));
