// Typing: a recorded session replayed through the real protocol, once at its own pace and once key by key.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { summarize } from "./sample.ts";
import type { Summary } from "./sample.ts";
import type { Editor, OpenFile } from "../editor/editor.ts";
import { readStatus, untilModelRests } from "../editor/model-state.ts";

interface Recording {
  readonly description: string;
  readonly file: string;
  readonly languageId: string;
  readonly after: string;
  readonly keys: readonly { readonly delayMs: number; readonly insert?: string; readonly delete?: number }[];
}

export interface TypingReport {
  readonly recording: string;
  readonly description: string;
  /** At the recorded pace, each request cancelled by the next key, as editors do. */
  readonly paced: {
    readonly completionMs: Summary;
    readonly answered: number;
    readonly answeredWithModelLine: number;
    readonly symbolsMs: Summary;
  };
  /** Each key waits until the model has nothing left to do: exact token counts per key. */
  readonly stepped: {
    readonly completionMs: Summary;
    /** Per request to the model after a key on the line. Keys that the memory answered are caught up by the next request. */
    readonly evaluatedPerRequest: Summary;
    /** The same, divided by the keys since the request before it: what a typed character costs. */
    readonly evaluatedPerTypedKey: Summary;
    readonly evaluatedPerEnter: Summary;
    readonly reusedPerTypedKey: Summary;
    readonly answeredWithoutModel: number;
  };
}

export async function measureTyping(
  editor: Editor,
  folder: string,
  recordingFile: string,
): Promise<TypingReport> {
  const recording = JSON.parse(readFileSync(recordingFile, "utf8")) as Recording;
  const paced = await replayPaced(openRecorded(editor, folder, recording, "paced"), recording);
  const stepped = await replayStepped(openRecorded(editor, folder, recording, "stepped"), recording);
  const name = recordingFile.replace(/^.*[\\/]|\.json$/g, "");
  return { recording: name, description: recording.description, paced, stepped };
}

/** Each replay gets a document of its own, so that nothing is warm from the other. */
function openRecorded(editor: Editor, folder: string, recording: Recording, prefix: string): OpenFile {
  const content = readFileSync(join(folder, recording.file), "utf8");
  return editor.open(join(folder, `${prefix}-${recording.file}`), recording.languageId, content);
}

function applyKey(file: OpenFile, at: number, key: Recording["keys"][number]): number {
  if (key.delete !== undefined) return file.replace(at - key.delete, at, "");
  return file.replace(at, at, key.insert ?? "");
}

async function replayPaced(file: OpenFile, recording: Recording): Promise<TypingReport["paced"]> {
  let at = file.find(recording.after);
  await untilModelRests();
  const completionMs: number[] = [];
  const symbolsMs: number[] = [];
  let modelLines = 0;
  let previous = new AbortController();
  const pending: Promise<void>[] = [];
  for (const [index, key] of recording.keys.entries()) {
    await new Promise((resolve) => setTimeout(resolve, key.delayMs));
    previous.abort();
    previous = new AbortController();
    const { signal } = previous;
    at = applyKey(file, at, key);
    pending.push(
      file.complete(at, signal).then(
        (suggestion) => {
          completionMs.push(suggestion.latencyMs);
          if (suggestion.items.some((item) => item.detail === "model")) modelLines += 1;
        },
        // A request that the next key cancelled has no latency to report.
        () => undefined,
      ),
    );
    if (index % 10 === 9) {
      const startedMs = performance.now();
      await file.symbols();
      symbolsMs.push(performance.now() - startedMs);
    }
  }
  await Promise.all(pending);
  file.close();
  return {
    completionMs: summarize(completionMs),
    answered: completionMs.length / recording.keys.length,
    answeredWithModelLine: modelLines / recording.keys.length,
    symbolsMs: summarize(symbolsMs),
  };
}

async function replayStepped(file: OpenFile, recording: Recording): Promise<TypingReport["stepped"]> {
  let at = file.find(recording.after);
  await file.complete(at);
  await untilModelRests();
  const completionMs: number[] = [];
  const typed: number[] = [];
  const perKey: number[] = [];
  let keysSinceRequest = 0;
  const entered: number[] = [];
  const reused: number[] = [];
  let withoutModel = 0;
  for (const key of recording.keys) {
    const before = (await readStatus()).inference.totals;
    at = applyKey(file, at, key);
    const suggestion = await file.complete(at);
    await untilModelRests();
    const after = (await readStatus()).inference.totals;
    completionMs.push(suggestion.latencyMs);
    const evaluated = after.evaluated - before.evaluated;
    keysSinceRequest += 1;
    if (after.requests === before.requests) {
      withoutModel += 1;
      continue;
    }
    if (key.insert === "\n") entered.push(evaluated);
    else {
      typed.push(evaluated);
      perKey.push(evaluated / keysSinceRequest);
      reused.push(after.reused - before.reused);
    }
    keysSinceRequest = 0;
  }
  file.close();
  return {
    completionMs: summarize(completionMs),
    evaluatedPerRequest: summarize(typed),
    evaluatedPerTypedKey: summarize(perKey),
    evaluatedPerEnter: summarize(entered),
    reusedPerTypedKey: summarize(reused),
    answeredWithoutModel: withoutModel / recording.keys.length,
  };
}
