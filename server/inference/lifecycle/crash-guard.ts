// A model that takes the process down twice is switched off: native code aborts without a chance to say so.
import type { FolderFiles, Machine } from "../../platform/index.ts";

export interface Activity {
  readonly modelId: string;
  readonly phase: "loading" | "working";
  /** What might matter for the crash: file, backend, layers, context. Shown to people, never read back. */
  readonly parameters: Readonly<Record<string, string | number>>;
}

export interface CrashGuard {
  /** One sentence why the model must not be loaded; undefined when it may. */
  whyOff(modelId: string): string | undefined;
  /** Native code starts now: a mark is on disk before this returns. */
  enter(activity: Activity): void;
  /** Native code rests: ending the process now is nobody's fault. */
  leave(): void;
  /** The model answered: earlier crashes were not its habit. */
  succeed(modelId: string): void;
  /** Forgets all crashes. */
  forgive(): void;
}

const CRASHES = "model-crashes.json";
const MARK = /^model-active-(\d+)\.json$/;
/** One crash can be bad luck (a kill from outside, no memory left): two without an answer in between are a pattern. */
const CRASHES_ALLOWED = 1;

interface Crashes {
  readonly count: number;
  readonly phase: string;
}

/** Reads the marks that ended processes of the same user left behind. */
export function createCrashGuard(deps: {
  readonly files: FolderFiles;
  readonly machine: Machine;
}): CrashGuard {
  const { files, machine } = deps;
  const ownMark = `model-active-${machine.processId}.json`;
  const crashes = new Map(readCrashes(files.read(CRASHES)));
  /** The mark on disk; undefined: none. */
  let marked: string | undefined;

  const save = (): void => {
    if (crashes.size === 0) files.remove(CRASHES);
    else files.write(CRASHES, JSON.stringify(Object.fromEntries(crashes), undefined, 2));
  };

  const collect = (): void => {
    for (const name of files.list()) {
      const processId = Number(MARK.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(processId)) continue;
      // A mark under our own number is from an earlier process: ours has not started native code yet.
      if (processId !== machine.processId && machine.isAlive(processId)) continue;
      const left = readActivity(files.read(name));
      files.remove(name);
      if (left === undefined) continue;
      crashes.set(left.modelId, { count: (crashes.get(left.modelId)?.count ?? 0) + 1, phase: left.phase });
      save();
    }
  };
  collect();

  return {
    whyOff(modelId) {
      const known = crashes.get(modelId);
      if (known === undefined || known.count <= CRASHES_ALLOWED) return undefined;
      return `the process ended ${known.count} times in a row while the model ${modelId} was ${known.phase}`;
    },
    enter(activity) {
      const mark = JSON.stringify(activity);
      if (mark === marked) return;
      marked = mark;
      files.write(ownMark, mark);
    },
    leave() {
      if (marked === undefined) return;
      marked = undefined;
      files.remove(ownMark);
    },
    succeed(modelId) {
      if (crashes.delete(modelId)) save();
    },
    forgive() {
      crashes.clear();
      save();
    },
  };
}

/** For the one who knows that the daemon was killed from outside: the marks it left are not the model's fault. */
export function excuseCrash(files: FolderFiles, processId: number): void {
  files.remove(`model-active-${processId}.json`);
}

function readActivity(text: string | undefined): { modelId: string; phase: string } | undefined {
  const json = parse(text);
  const modelId = json?.["modelId"];
  const phase = json?.["phase"];
  return typeof modelId === "string" && typeof phase === "string" ? { modelId, phase } : undefined;
}

function readCrashes(text: string | undefined): [string, Crashes][] {
  return Object.entries(parse(text) ?? {}).flatMap(([modelId, value]): [string, Crashes][] => {
    if (typeof value !== "object" || value === null || !("count" in value) || !("phase" in value)) return [];
    const { count, phase } = value;
    return typeof count === "number" && typeof phase === "string" ? [[modelId, { count, phase }]] : [];
  });
}

function parse(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    // Half written by a process that ended: it says nothing.
    return undefined;
  }
}
