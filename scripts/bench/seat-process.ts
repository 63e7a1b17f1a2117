// A process of its own that sits at one editor: opens files, waits for the word, types a line in each, tells what it saw, and
// types on without telling until it is sent away: who types beside it is never alone.
import { createInterface } from "node:readline";
import { startEditor } from "../editor/editor.ts";
import { untilModelRests } from "../editor/model-state.ts";
import { askBoth, keysOf, openCold, openTypist } from "./completion/protocol-typing.ts";
import type { AskedKey, Typist } from "./completion/protocol-typing.ts";
import type { SeatOrder, SeatReady, SeatResult } from "./completion/seat.ts";

/** Of the last file, beyond the line that is measured (UTF-16 units). */
const TYPED_ON = 2_000;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const order = JSON.parse(await nextLine()) as SeatOrder;
const editor = await startEditor({
  command: order.command,
  folder: order.folder,
  environment: process.env,
  hasInline: true,
});
const typists: Typist[] = [];
for (const source of order.sources) {
  // Whole lines, so that nothing stands behind the cursor on its own.
  const text = source.typed + source.after.slice(0, source.after.lastIndexOf("\n", TYPED_ON));
  const typist = openTypist(editor, order.folder, source, text, order.label);
  await openCold(typist);
  typists.push(typist);
}
await untilModelRests();
const ready: SeatReady = { forwarderPid: editor.process.pid };
process.stdout.write(`${JSON.stringify(ready)}\n`);
await nextLine();
let isOver = false;
void nextLine().then(() => {
  isOver = true;
});
const keys: AskedKey[] = [];
for (const [index, typist] of typists.entries()) {
  const line = keysOf(order.sources[index]?.typed ?? "").slice(0, order.keys);
  for (const key of line) {
    const { firstItemMs, isRight, modelAnswerMs, modelItemMs } = await typePatiently(typist, key);
    keys.push({ firstItemMs, isRight, modelAnswerMs, modelItemMs });
  }
}
const result: SeatResult = { keys };
process.stdout.write(`${JSON.stringify(result)}\n`);
const last = typists.at(-1);
for (const key of keysOf(last?.upcoming() ?? ""))
  if (!isOver && last !== undefined) await typePatiently(last, key);
await editor.quit();
process.stdin.destroy();

async function typePatiently(typist: Typist, key: string): Promise<AskedKey> {
  const pace = new Promise((resolve) => setTimeout(resolve, order.paceMs));
  const asked = await askBoth(typist, key);
  await pace;
  return asked;
}

async function nextLine(): Promise<string> {
  const line = await lines.next();
  if (line.done === true) throw new Error("nobody tells what to do any more");
  return line.value;
}
