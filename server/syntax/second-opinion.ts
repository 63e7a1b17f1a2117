// What a language's own parser says of a text: it runs in a thread of its own, started when first needed, stopped when idle.
import type { Clock, Log, ScriptThread, ScriptThreads } from "../platform/index.ts";
import { describeError } from "../kernel/index.ts";
import type { Offset } from "../text/index.ts";
import { IDLE_THREAD_MS, MAX_JUDGED_LENGTH, SECOND_OPINION_MS } from "./limits.ts";
import type { SecondParserName } from "./manifest.ts";

export interface Problem {
  readonly start: Offset;
  readonly end: Offset;
  readonly message: string;
}

interface OpinionRequest {
  /** A newer request for the same subject replaces one that still waits. */
  readonly subject: object;
  readonly parser: SecondParserName;
  /** Tells the parser the dialect: with the extension of the language's files. */
  readonly fileName: string;
  readonly content: string;
}

interface SecondOpinion {
  /** Undefined when there is none: too long a text, too slow a parser, replaced by a newer request. Never rejects. */
  ask(request: OpinionRequest): Promise<readonly Problem[] | undefined>;
  dispose(): void;
}

/** Loads each parser when it is first asked for: TypeScript takes 50 MB and 300 ms. */
const script = `
const { parentPort, workerData } = require("node:worker_threads");
const load = require("node:module").createRequire(workerData.from);
const parsers = {
  typescript({ content, fileName }) {
    const ts = load("typescript");
    const file = ts.createSourceFile(fileName, content, ts.ScriptTarget.Latest, false);
    return file.parseDiagnostics.map(({ start, length, messageText }) => ({
      start, end: start + length, message: ts.flattenDiagnosticMessageText(messageText, " "),
    }));
  },
  css({ content }) {
    const problems = [];
    load("css-tree").parse(content, {
      onParseError: ({ offset, message }) => problems.push({ start: offset, end: offset + 1, message }),
    });
    return problems;
  },
};
parentPort.on("message", (request) => {
  let problems;
  try { problems = parsers[request.parser](request); } catch (error) { parentPort.postMessage(String(error)); return; }
  parentPort.postMessage(problems);
});
`;

interface Waiting {
  readonly request: OpinionRequest;
  readonly settle: (problems: readonly Problem[] | undefined) => void;
}

export function createSecondOpinion(deps: {
  readonly threads: ScriptThreads;
  readonly clock: Clock;
  readonly log: Log;
}): SecondOpinion {
  let thread: ScriptThread | undefined;
  let isBusy = false;
  let waiting: Waiting[] = [];
  let cancelIdleStop: (() => void) | undefined;

  const stop = (): void => {
    thread?.stop();
    thread = undefined;
  };

  const run = async ({ request, settle }: Waiting): Promise<void> => {
    const { parser, fileName, content } = request;
    try {
      thread ??= deps.threads.start(script, { from: import.meta.url });
      const answer = await thread.ask({ parser, fileName, content }, SECOND_OPINION_MS);
      if (!isProblemList(answer)) throw new Error(String(answer));
      settle(answer);
    } catch (error) {
      deps.log.warn({ parser, reason: describeError(error) }, "the second parser gave no answer");
      stop();
      settle(undefined);
    }
  };

  const work = async (): Promise<void> => {
    isBusy = true;
    cancelIdleStop?.();
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next);
    isBusy = false;
    cancelIdleStop = deps.clock.schedule(IDLE_THREAD_MS, stop);
  };

  return {
    ask(request) {
      if (request.content.length > MAX_JUDGED_LENGTH) return Promise.resolve(undefined);
      return new Promise((settle) => {
        for (const other of waiting) if (other.request.subject === request.subject) other.settle(undefined);
        waiting = waiting.filter((other) => other.request.subject !== request.subject);
        waiting.push({ request, settle });
        if (!isBusy) void work();
      });
    },
    dispose() {
      cancelIdleStop?.();
      for (const { settle } of waiting) settle(undefined);
      waiting = [];
      stop();
    },
  };
}

function isProblemList(answer: unknown): answer is readonly Problem[] {
  return Array.isArray(answer);
}
