// Says manoeuvres as a phone does: reads [{language, here, there, ahead_m}] from stdin, writes for each what is
// said at it, of the step to the next, before it, and at it where the next follows at once.
import { readFileSync } from "node:fs";
import { english } from "../../../../webconsole/static/js/ways/phrases_en.js";
import { chinese } from "../../../../webconsole/static/js/ways/phrases_zh.js";

const said = JSON.parse(readFileSync(0)).map(({ language, here, there, ahead_m: aheadM }) => {
  const phrases = language === "zh" ? chinese : english;
  return [phrases.instruction(here), phrases.step(here, there), phrases.announcement(here, aheadM), phrases.immediately(here, there)];
});
process.stdout.write(JSON.stringify(said));
