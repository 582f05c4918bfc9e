// The picture of the map on which the spot is touched: it comes to the middle, and that place is sent.
// Written for phones of ten years ago, and loaded as it is; without it the spot is described in words.
(function () {
  "use strict";
  var RADIUS_M = 6378137;
  var RAD = Math.PI / 180;
  var NARROWEST_M = 200;
  var WIDEST_M = 12000;
  var box = document.getElementById("map");
  if (!box) return;
  var picture = document.getElementById("map-picture");
  var lonField = document.getElementById("lon");
  var latField = document.getElementById("lat");
  var lon = Number(lonField.value || box.getAttribute("data-lon"));
  var lat = Number(latField.value || box.getAttribute("data-lat"));
  var width = Number(box.getAttribute("data-width"));
  function northing(degrees) {
    return Math.log(Math.tan(Math.PI / 4 + (degrees * RAD) / 2));
  }
  function draw() {
    picture.src = box.getAttribute("data-address") + "&lon=" + lon.toFixed(6) + "&lat=" + lat.toFixed(6) + "&width_m=" + Math.round(width);
  }
  function zoom(by) {
    width = Math.min(Math.max(width * by, NARROWEST_M), WIDEST_M);
    draw();
  }
  box.hidden = false;
  document.getElementById("show-map").onclick = function () {
    if (lonField.value) {
      lon = Number(lonField.value); // found meanwhile
      lat = Number(latField.value);
      width = Math.min(width, 600);
    }
    document.getElementById("map-frame").hidden = false;
    document.getElementById("map-tools").hidden = false;
    this.hidden = true;
    draw();
  };
  picture.onclick = function (event) {
    var seen = picture.getBoundingClientRect();
    var perPixel = width / Math.cos(lat * RAD) / RADIUS_M / seen.width; // radians of the projection
    lon += ((event.clientX - seen.left - seen.width / 2) * perPixel) / RAD;
    var y = northing(lat) - (event.clientY - seen.top - seen.height / 2) * perPixel;
    lat = (2 * Math.atan(Math.exp(y)) - Math.PI / 2) / RAD;
    lonField.value = lon.toFixed(6);
    latField.value = lat.toFixed(6);
    document.getElementById("map-set").textContent = box.getAttribute("data-set");
    zoom(0.5);
  };
  document.getElementById("map-in").onclick = function () {
    zoom(0.5);
  };
  document.getElementById("map-out").onclick = function () {
    zoom(2);
  };
})();
