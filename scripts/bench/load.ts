// Load: the tests of the reliability anchors, with figures to put beside the best known servers.
import { join } from "node:path";
import { residentMegabytes } from "./machine.ts";
import type { Editor } from "../editor/editor.ts";
import { readStatus } from "../editor/model-state.ts";

export interface LoadReport {
  readonly twoThousandEditsMs: number;
  readonly fiveMegabytes: {
    readonly openMs: number;
    readonly editMs: number;
    readonly daemonMB: number | undefined;
    readonly grownMB: number;
  };
  readonly oneMegabyteLine: {
    readonly openMs: number;
    readonly editMs: number;
    readonly daemonMB: number | undefined;
  };
  readonly twoHundredDocumentsMs: number;
  readonly hundredCancelledMs: number;
}

const PYTHON_FUNCTION =
  "def f_INDEX(a, b):\n    total = a + b\n    for x in range(10):\n        total += x\n    return total\n\n";

function pythonOfBytes(bytes: number): string {
  let content = "";
  for (let index = 0; content.length < bytes; index += 1)
    content += PYTHON_FUNCTION.replace("INDEX", String(index));
  return content;
}

export async function measureLoad(editor: Editor, folder: string): Promise<LoadReport> {
  const { pid: daemonPid } = await readStatus();
  return {
    twoThousandEditsMs: await measureEdits(editor, folder),
    twoHundredDocumentsMs: await measureDocuments(editor, folder),
    hundredCancelledMs: await measureCancelled(editor, folder),
    fiveMegabytes: await measureLarge(editor, folder, daemonPid, "large.py", pythonOfBytes(5_000_000)),
    oneMegabyteLine: await measureLarge(
      editor,
      folder,
      daemonPid,
      "line.py",
      `x = "${"a".repeat(1_000_000)}"\n`,
    ),
  };
}

async function measureEdits(editor: Editor, folder: string): Promise<number> {
  const file = editor.open(join(folder, "edits.py"), "python", pythonOfBytes(20_000));
  await file.symbols();
  const startedMs = performance.now();
  for (let edit = 0; edit < 2000; edit += 1) file.replace(0, edit % 2, edit % 2 === 0 ? "#" : "");
  await file.symbols();
  const elapsedMs = performance.now() - startedMs;
  file.close();
  return Math.round(elapsedMs);
}

async function measureDocuments(editor: Editor, folder: string): Promise<number> {
  const startedMs = performance.now();
  const files = Array.from({ length: 200 }, (_, index) =>
    editor.open(join(folder, `many-${index}.py`), "python", `def only_${index}():\n    return ${index}\n`),
  );
  for (const [index, file] of files.entries()) {
    const names = (await file.symbols()).map((symbol) => symbol.name);
    if (names.join() !== `only_${index}`)
      throw new Error(`document ${index} answered with the symbols ${names.join()}`);
  }
  const elapsedMs = performance.now() - startedMs;
  for (const file of files) file.close();
  return Math.round(elapsedMs);
}

async function measureCancelled(editor: Editor, folder: string): Promise<number> {
  const file = editor.open(join(folder, "cancelled.py"), "python", pythonOfBytes(20_000));
  const aborts = Array.from({ length: 100 }, () => new AbortController());
  const startedMs = performance.now();
  const requests = aborts.map(({ signal }) => file.complete(10, signal).catch(() => undefined));
  for (const abort of aborts) abort.abort();
  await Promise.all(requests);
  const elapsedMs = performance.now() - startedMs;
  file.close();
  return Math.round(elapsedMs);
}

async function measureLarge(
  editor: Editor,
  folder: string,
  daemonPid: number,
  name: string,
  content: string,
): Promise<LoadReport["fiveMegabytes"]> {
  const beforeMB = residentMegabytes(daemonPid) ?? 0;
  const openedMs = performance.now();
  const file = editor.open(join(folder, name), "python", content);
  await file.symbols();
  const openMs = Math.round(performance.now() - openedMs);
  const editedMs = performance.now();
  for (let edit = 0; edit < 10; edit += 1) file.replace(0, 0, "#");
  await file.symbols();
  const editMs = Math.round(performance.now() - editedMs);
  const daemonMB = residentMegabytes(daemonPid);
  file.close();
  return { openMs, editMs, daemonMB, grownMB: (daemonMB ?? 0) - beforeMB };
}
