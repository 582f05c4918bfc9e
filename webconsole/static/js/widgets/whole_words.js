// Says whole, to whoever points at it, any text that is shortened with dots for want of room.

const shortened = (node) => node.scrollWidth > node.clientWidth && getComputedStyle(node).textOverflow === "ellipsis";

document.addEventListener("pointerover", ({ target }) => {
  if (!(target instanceof HTMLElement) || (target.title && target.dataset.whole === undefined)) return; // it says more already
  if (shortened(target)) {
    target.title = target.textContent.trim();
    target.dataset.whole = "";
  } else if (target.dataset.whole !== undefined) {
    target.removeAttribute("title");
    delete target.dataset.whole;
  }
});
