// Markers as elements of the page, as most maps have them and this one once had: places once a
// second, a glide between them in every picture, a name and an outline in each marker.
({ places, incidents, centre, zoom }) => {
  document.body.innerHTML = '<div id="map"></div>';
  Object.assign(document.getElementById("map").style, { width: "1440px", height: "900px" });
  const map = L.map("map", { zoomAnimation: false }).setView(centre, zoom);
  const shape = (colour) => '<svg viewBox="-8 -8 40 40" width="40" height="40">'
    + '<path d="M12 -6.5 18.5 3 12 0.6 5.5 3z"/><circle cx="12" cy="12" r="6.5" fill="' + colour
    + '" stroke="#17202a" stroke-width="1.5"/></svg><span>Crew 0000</span>';
  const marker = (at, colour) => L.marker(at, {
    icon: L.divIcon({ html: shape(colour), className: "", iconSize: [32, 32] }),
  }).addTo(map);
  for (const at of incidents) marker(at, "#d55e00");
  const crews = places.map((at) => ({ at, marker: marker(at, "#009e73"), from: at, to: at }));
  let step = 0;
  let began = 0;
  const glide = (now) => {
    const part = Math.min(1, (now - began) / 1000);
    for (const { marker, from, to } of crews) {
      const between = (axis) => from[axis] + (to[axis] - from[axis]) * part;
      marker.setLatLng([between(0), between(1)]);
    }
    if (part < 1) requestAnimationFrame(glide);
  };
  setInterval(() => {
    step += 1;
    const angle = (2 * Math.PI * step) / 60;
    const reach = (8 / 111000) * 60 / (2 * Math.PI);
    for (const crew of crews) {
      crew.from = crew.to;
      const [lat, lon] = crew.at;
      crew.to = [lat + reach * (1 - Math.cos(angle)), lon + reach * Math.sin(angle)];
    }
    began = performance.now();
    requestAnimationFrame(glide);
  }, 1000);
}
