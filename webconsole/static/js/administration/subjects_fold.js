// The list of subjects: folded where there is no room beside the page.

export function foldSubjects() {
  const fold = document.querySelector(".subjects-fold");
  if (fold && matchMedia("(max-width: 800px)").matches) fold.open = false;
}
