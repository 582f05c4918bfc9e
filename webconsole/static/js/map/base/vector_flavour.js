// Our colours for other people's vector tiles: our palette as a flavour of protomaps-leaflet, whose
// style paints all roads alike.

const all = (names, colour) => Object.fromEntries(names.map((name) => [name, colour]));

/** A flavour in the colours of a palette of ours. */
export function flavourOf(palette) {
  return {
    ...all(["background", "earth", "zoo"], palette.land),
    ...all(["park_a", "park_b", "scrub_a", "scrub_b"], palette.green),
    ...all(["wood_a", "wood_b"], palette.wood),
    ...all(["sand", "beach"], palette.sand),
    ...all(["pedestrian", "aerodrome", "runway", "pier"], palette.paved),
    hospital: palette.medical,
    industrial: palette.industry,
    school: palette.civic,
    glacier: palette.rock,
    water: palette.water,
    buildings: palette.building,
    major: palette.minor,
    railway: palette.rail,
    boundaries: palette.suburb,
    roads_label_minor: palette.textMinor,
    roads_label_major: palette.text,
    ocean_label: palette.waterText,
    city_label: palette.place,
    ...all(["state_label", "country_label"], palette.textMinor),
    ...all(["roads_label_minor_halo", "roads_label_major_halo", "city_label_halo", "state_label_halo"], palette.halo),
  };
}
