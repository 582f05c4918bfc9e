// Values that the server wrote into the page when it rendered it.
export const boot = JSON.parse(document.getElementById("boot").textContent);
