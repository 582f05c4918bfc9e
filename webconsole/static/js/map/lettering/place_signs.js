// Small signs of places that matter to a repair service, drawn as paths in a box of 12 by 12.

export const SIGN_PX = 16;
const CORNER = 4;

/** Outline, and which of the palette's colours the sign has. */
const SHAPES = {
  hospital: ["M4.6 1.8h2.8v2.8h2.8v2.8H7.4v2.8H4.6V7.4H1.8V4.6h2.8z", "medicalIcon"],
  clinic: ["M5.2 2.8h1.6v2.4h2.4v1.6H6.8v2.4H5.2V6.8H2.8V5.2h2.4z", "medicalIcon"],
  school: ["M6 2 11.2 4.6 6 7.2.8 4.6zM3 6.6 6 8.1l3-1.5v2C7.6 9.9 4.4 9.9 3 8.6z", "schoolIcon"],
  fire_station: ["M6.2 1.2C7.4 3.2 9.4 4.5 9.4 7.2A3.4 3.4 0 0 1 2.6 7.2C2.6 5.8 3.3 4.9 4 4.2 4.2 5.2 4.9 5.6 5.3 5.2 5.9 4.6 5.2 2.9 6.2 1.2z", "rescueIcon"],
  police: ["M6 1.2 10 2.6v3.2c0 2.7-1.8 4.2-4 5-2.2-.8-4-2.3-4-5V2.6z", "rescueIcon"],
  substation: ["M7.2 1 2.9 6.9h2.6L4.8 11l4.3-5.9H6.5z", "supplyIcon"],
  power_plant: ["M7.2 1 2.9 6.9h2.6L4.8 11l4.3-5.9H6.5z", "supplyIcon"],
  heating_plant: ["M1.8 10.4V5.2l2.6 1.7V5.2L7 6.9V1.6h2.6v8.8z", "supplyIcon"],
  gas: ["M2 9.8V5.4a4 4 0 0 1 8 0v4.4zM3.4 5v1.2h5.2V5z", "supplyIcon"],
  pumping_station: ["M6 1.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6zM6 3 3.2 8h5.6z", "waterIcon"],
  water_works: ["M6 1C7.8 3.8 9.4 5.4 9.4 7.5a3.4 3.4 0 0 1-6.8 0C2.6 5.4 4.2 3.8 6 1z", "waterIcon"],
  water_tower: ["M2.6 1.6h6.8L8.8 5.8H3.2zM4 6.6h1.3L4.8 10.8H3.4zM6.7 6.6H8l.6 4.2H7.2z", "waterIcon"],
  wastewater: ["M6 1C7.8 3.8 9.4 5.4 9.4 7.5a3.4 3.4 0 0 1-6.8 0C2.6 5.4 4.2 3.8 6 1zM3.6 7h4.8v1H3.6z", "waterIcon"],
  station: ["M3 1.6h6a1 1 0 0 1 1 1v5.2a1 1 0 0 1-1 1l1 1.6H8.6l-1-1.6H4.4l-1 1.6H2l1-1.6a1 1 0 0 1-1-1V2.6a1 1 0 0 1 1-1zM3.4 3v2.6h5.2V3z", "railIcon"],
};

export const SIGNS = Object.keys(SHAPES);

/** The sign of a kind in the colours of a palette. */
export function signOf(kind, palette) {
  const [outline, colour] = SHAPES[kind];
  return { id: kind, outline: new Path2D(outline), ground: palette[colour], ink: palette.icon, rim: palette.halo };
}

/** Draw a sign around the origin. */
export function drawSign(context, { outline, ground, ink, rim }) {
  const half = SIGN_PX / 2;
  context.save();
  context.globalAlpha = 1;
  context.beginPath();
  context.roundRect(-half, -half, SIGN_PX, SIGN_PX, CORNER);
  context.lineWidth = 2;
  context.strokeStyle = rim;
  context.stroke();
  context.fillStyle = ground;
  context.fill();
  context.translate(-6, -6);
  context.fillStyle = ink;
  context.fill(outline, "evenodd");
  context.restore();
}
