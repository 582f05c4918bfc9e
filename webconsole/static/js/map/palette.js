// Colours of the ground. It is the background of somebody's twelve hours: close to grey, so
// that crews and incidents are the only things on it that speak.

export const DAY = {
  land: "#f1f2ef",
  landuse: "#eaebe6",
  industry: "#e6e5e6",
  green: "#dde8d4",
  water: "#bcd7e6",
  building: "#dfded9",
  buildingLine: "#cfcec8",
  rail: "#a9adb1",
  path: "#c9c4b8",
  tunnel: "#dfe1e2",
  minorLine: "#d3d5d5",
  minor: "#ffffff",
  middleLine: "#c9c8bf",
  middle: "#fffefa",
  majorLine: "#c6bfa6",
  major: "#faf3dc",
  trunkLine: "#c2aa86",
  trunk: "#f5e3c3",
  text: "#3d444a",
  textMinor: "#596068",
  place: "#22282d",
  halo: "#f7f8f6",
};

export const NIGHT = {
  land: "#151a1f",
  landuse: "#181d22",
  industry: "#1a1e24",
  green: "#17221d",
  water: "#0d2433",
  building: "#20272e",
  buildingLine: "#2a323a",
  rail: "#3d464f",
  path: "#2c333a",
  tunnel: "#20262c",
  minorLine: "#12161a",
  minor: "#2c353d",
  middleLine: "#12161a",
  middle: "#36414a",
  majorLine: "#12161a",
  major: "#4a4f4a",
  trunkLine: "#12161a",
  trunk: "#5a5548",
  text: "#aeb8c1",
  textMinor: "#8d98a2",
  place: "#cfd7de",
  halo: "#12171b",
};

export const FONT =
  '"Noto Sans", "Segoe UI", system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
