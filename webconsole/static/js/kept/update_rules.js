// When a new version of the page may be offered.

/** Nothing rings, nobody is asked anything, and nothing is half-written. */
export const mayOffer = ({ ringing, answering, typing, dialog }) => !ringing && !answering && !typing && !dialog;

/** Whether somebody writes in a document, or has left something half-written on its screen. */
export function isTyping(page) {
  const fields = [...page.querySelectorAll("textarea, input:not([type=checkbox]):not([type=radio]):not([type=hidden])")];
  return fields.some((field) => field === page.activeElement || (field.value !== "" && field.value !== field.defaultValue));
}
