// What the server already knew when it wrote this page.
export const boot = JSON.parse(document.getElementById("boot").textContent);
