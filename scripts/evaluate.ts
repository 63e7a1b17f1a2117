// The evaluation: how good the answers are on real code. `npm run evaluate -- completion`, `npm run evaluate -- pin`.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pinList } from "./evaluate/pin.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const corpusCache = join(root, ".cache", "corpus");
const lists = ["evaluate", "bench"].map((room) => join(root, "scripts", room, "corpus.json"));

const [task] = process.argv.slice(2);
if (task === "pin") {
  for (const list of lists) await pinList(list, corpusCache);
}
