// Distances and bearings as they are spoken, in any language: the twin of routing/guidance/spoken_numbers.py.

const STEPS_M = [[250, 10], [500, 50], [1000, 100]];
const TENTHS_UPTO_M = 10000;

/** {text, kilometres}: to 10 m below 250 m, 50 m below 500 m, 100 m below a kilometre, then tenths of one. */
export function rounded(metres) {
  for (const [belowM, stepM] of STEPS_M) {
    const said = Math.max(10, Math.floor(metres / stepM + 0.5) * stepM);
    if (metres < belowM && said < 1000) return { text: String(said), kilometres: false };
  }
  const kilometres = metres / 1000;
  return { text: kilometres.toFixed(metres < TENTHS_UPTO_M ? 1 : 0).replace(/\.0$/, ""), kilometres: true };
}

/** The nearest of eight compass points to a bearing, 0 is north. */
export const compassPoint = (bearing) => Math.floor((bearing + 22.5) / 45) % 8;
