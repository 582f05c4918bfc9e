// Values that the server's code and the pages' scripts are both held to; tests/shared_vectors.py
// reads the same files.
import { readFileSync } from "node:fs";

/** The values under a name, such as "shifted_places". */
export const vectors = (name) => JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), "utf8"));
