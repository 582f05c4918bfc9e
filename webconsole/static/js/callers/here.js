// The button that finds a caller's position. Written for phones of ten years ago, and loaded as it
// is: without it, or where no position can be had, the spot is described in words.
(function () {
  "use strict";
  var box = document.getElementById("place");
  var found = document.getElementById("found");
  if (!box || !navigator.geolocation || window.isSecureContext === false) return;
  function say(name) {
    found.textContent = found.getAttribute("data-" + name);
  }
  box.hidden = false;
  document.getElementById("find").onclick = function () {
    say("looking");
    navigator.geolocation.getCurrentPosition(function (position) {
      document.getElementById("lon").value = position.coords.longitude.toFixed(6);
      document.getElementById("lat").value = position.coords.latitude.toFixed(6);
      say("found");
    }, function () {
      say("none");
    }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 10000 });
  };
})();
