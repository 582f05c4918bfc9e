// Tells of every word in the page that is cut off, and of every box too small for what it holds.
() => {
  const apart = "svg, .leaflet-pane, script, template, noscript, .off-screen, .skip, .mark-cursor";
  const found = [];
  const name = (node) => `${node.tagName.toLowerCase()}${node.id && "#" + node.id}.${[...node.classList].join(".")}`;
  const tell = (node, why) => found.push(`${why}: ${name(node)} “${node.textContent.trim().slice(0, 40)}”`);
  // With dots at its end, and whole when it is pointed at, a text is shortened, not cut.
  const shortened = (node) => getComputedStyle(node).textOverflow === "ellipsis";
  const clips = (node) => /hidden|clip/.test(getComputedStyle(node).overflowX);
  const scrolls = (node) => /auto|scroll/.test(getComputedStyle(node).overflowX);
  for (const node of document.querySelectorAll("body *")) {
    if (node.closest(apart) || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const box = node.getBoundingClientRect();
    const says = [...node.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.textContent.trim());
    const asks = node.matches("select, button, input:not([type=radio], [type=checkbox], [type=file])");
    if (!box.width || !box.height || !(says || asks)) continue;
    if (clips(node) && !asks && node.scrollWidth > node.clientWidth + 1 && !shortened(node)) tell(node, "its own box");
    if (node.matches("select, input[type=datetime-local], input[type=time]")) {
      const { width } = node.style;
      node.style.width = "max-content";
      if (node.offsetWidth > box.width + 1) tell(node, "needs more room");
      node.style.width = width;
    }
    if (box.right > innerWidth + 1 || box.left < -1) tell(node, "beyond the window");
    for (let around = node.parentElement; around; around = around.parentElement) {
      if (scrolls(around)) break;
      const edge = around.getBoundingClientRect();
      if (clips(around) && (box.right > edge.right + 1 || box.left < edge.left - 1) && !shortened(around)) {
        tell(node, `cut by ${name(around)}`);
        break;
      }
    }
  }
  return found;
}
