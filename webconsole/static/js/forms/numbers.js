// Numbers as people type them, and how bad one is: the same rules as dispatch/forms/numbers.py and
// form_values.py, held together by shared vectors.
const LARGEST = 1e9;
const LONGEST = 40;
const TYPED = /^[+-]?(\d+[.,]?\d*|[.,]\d+)$/;
const LIMITS = { least: -LARGEST, most: LARGEST };

/** The number, with a comma or a point, of full width too; null if it is none. */
export function readNumber(typed) {
  const plain = String(typed).normalize("NFKC").replace(/[−–]/g, "-").replace(/。/g, ".").trim();
  if (String(typed).length > LONGEST || !TYPED.test(plain)) return null;
  const number = Number(plain.replace(",", "."));
  return Math.abs(number) > LARGEST ? null : Math.round(number * 1e6) / 1e6 + 0;
}

const beyond = (number, low, high) => (low !== null && number <= low) || (high !== null && number >= high);

/** "ok", "warn" or "alarm"; on a limit it is beyond it. */
export function judge(field, number) {
  if (beyond(number, field.alarm_low, field.alarm_high)) return "alarm";
  return beyond(number, field.warn_low, field.warn_high) ? "warn" : "ok";
}

/** Whether a number can be at all. */
export const isPossible = (field, number) => number >= (field.least ?? LIMITS.least) && number <= (field.most ?? LIMITS.most);

const RANK = ["ok", "warn", "alarm"];
export const worst = (verdicts) => RANK[Math.max(0, ...verdicts.map((each) => RANK.indexOf(each)))];
