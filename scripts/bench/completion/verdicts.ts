// What issue 4 wants, against what this run measured. Nothing here is assumed: a figure that is not there is "not measured".
import {
  alternatingTokens,
  floorOf,
  lineTotalsShares,
  phaseOf,
  perToken,
  protocolTokens,
  describeSeats,
  residentGrowth,
  slowdown,
  traceOf,
  workedTyping,
} from "./figures.ts";
import type { TraceResult } from "./trace.ts";
import { PACES_MS } from "./protocol-parts.ts";
import type { AtOnce } from "./protocol-parts.ts";
import { hearthInfillName, hearthName, naiveName } from "./report-types.ts";
import type { CompletionReport } from "./report-types.ts";
import { percentile } from "../../report/statistics.ts";

export interface Verdict {
  readonly subject: string;
  readonly wanted: string;
  readonly measured: string;
  readonly outcome: "holds" | "falls short" | "not measured" | "told";
}

/** llama-server's own name in the report, and the bounds of the issue. */
const INFILL = "llama-server /infill";
const SHORT = "Encoder.ts";
const LONG = "tempfile.py";
const MOST_TOKENS = 2;
const SHARE_OF_INFILL = 0.25;
const ABOVE_FLOOR = 1.1;
const LAST_KEY_MS = 600;
const USEFUL_SHARE = 0.5;
const PAIR_MB = 60;
const RATIO_TO_NAIVE = 10;
const MENU_WORK_MS = 50;
/** Calls are sized for 30 ms at the speed measured before; some take half as long again. */
const SLICE_MS = 50;
const TWO_EDITORS = 2;
/** What times of equal work differ by from run to run on a quiet machine. */
const SAME = 1.15;

export function judge(report: CompletionReport): readonly Verdict[] {
  return [
    ...judgeTyping(report),
    ...judgeOpenTyping(report),
    ...judgeMoves(report),
    ...judgeTwoEditors(report),
    ...judgeNeighbour(report),
    ...judgeNaive(report),
    ...judgeMenu(report),
    ...judgeTrace(report),
  ];
}

function bound(
  subject: string,
  wanted: string,
  value: number | undefined,
  most: number,
  show: (value: number) => string,
): Verdict {
  if (value === undefined || !Number.isFinite(value)) {
    return { subject, wanted, measured: "–", outcome: "not measured" };
  }
  return { subject, wanted, measured: show(value), outcome: value <= most ? "holds" : "falls short" };
}

function judgeTyping(report: CompletionReport): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const file of [SHORT, LONG]) {
    const trace = traceOf(report, hearthName, file);
    const typing = phaseOf(trace, "typing");
    const infill = traceOf(report, hearthInfillName, file);
    const evaluated = typedTokens(trace);
    const infillEvaluated = typedTokens(infill);
    verdicts.push(
      bound(
        `typed character, ${file}: prompt tokens (p95)`,
        `at most ${MOST_TOKENS}`,
        evaluated.length === 0 ? undefined : percentile(evaluated, 0.95),
        MOST_TOKENS,
        (value) => `${value} (most ${Math.max(...evaluated)})`,
      ),
      bound(
        `the same with the infill layout, ${file} (p95)`,
        `at most ${MOST_TOKENS}`,
        infillEvaluated.length === 0 ? undefined : percentile(infillEvaluated, 0.95),
        MOST_TOKENS,
        (value) => `${value} (most ${Math.max(...infillEvaluated)})`,
      ),
      bound(
        `typed character that needs the model, ${file}: 24 tokens, share of llama-server /infill's time (p50)`,
        `at most ${SHARE_OF_INFILL}`,
        ratio(perToken(trace), perToken(traceOf(report, INFILL, file))),
        SHARE_OF_INFILL,
        (value) => `${value.toFixed(2)} (${worked(trace)})`,
      ),
      bound(
        `typed character that needs the model, ${file}: 24 tokens, against the floor at the same depth (p50)`,
        `at most ${ABOVE_FLOOR}`,
        ratio(perToken(trace), floorOf(report, file)),
        ABOVE_FLOOR,
        (value) => `${value.toFixed(2)} at ${typing?.depth ?? 0} tokens (${worked(trace)})`,
      ),
      told(`typed character that needs the model, ${file}: tokens that were guessed`, describeGuesses(trace)),
    );
  }
  const tokens = protocolTokens(report);
  verdicts.push(
    bound(
      "typed character through the protocol, all languages: prompt tokens (p95)",
      `at most ${MOST_TOKENS}`,
      tokens.length === 0 ? undefined : percentile(tokens, 0.95),
      MOST_TOKENS,
      (value) => `${value.toFixed(1)} (most ${Math.max(...tokens).toFixed(1)}, n ${tokens.length})`,
    ),
  );
  return verdicts;
}

function judgeOpenTyping(report: CompletionReport): Verdict[] {
  const paced = report.paced.find(({ file, paceMs }) => file === SHORT && paceMs === 150);
  const burst = report.paced.find(({ paceMs }) => paceMs === 10);
  const open = traceOf(report, hearthName, SHORT)?.open;
  const share = paced === undefined ? undefined : paced.usefulBeforeNext / paced.keys;
  return [
    bound(
      "keys every 150 ms, 24 tokens forced: the last key's answer after it",
      `at most ${LAST_KEY_MS} ms`,
      open === undefined ? undefined : (open.lastAnswerMs ?? Infinity),
      LAST_KEY_MS,
      milliseconds,
    ),
    bound(
      "the same through the protocol, as the product answers",
      `at most ${LAST_KEY_MS} ms`,
      paced?.lastModelAnswerMs,
      LAST_KEY_MS,
      milliseconds,
    ),
    bound(
      "keys every 150 ms: not answered usefully before the next",
      `at most ${1 - USEFUL_SHARE}`,
      share === undefined ? undefined : 1 - share,
      1 - USEFUL_SHARE,
      (value) =>
        `${value.toFixed(2)} (of ${paced?.keys ?? 0} keys: ${paced?.usefulBeforeNext ?? 0} with an item, ${paced?.rightBeforeNext ?? 0} with a right one, ${paced?.modelBeforeNext ?? 0} with the model's)`,
    ),
    {
      subject: "100 keys a second: the last key's answer after it",
      wanted: "one answer per request",
      measured: burst === undefined ? "–" : `${burst.keys} keys, ${burst.lastModelAnswerMs.toFixed(0)} ms`,
      outcome: burst === undefined ? "not measured" : "told",
    },
  ];
}

function judgeMoves(report: CompletionReport): Verdict[] {
  return [hearthName, hearthInfillName].flatMap((name) =>
    [SHORT, LONG].flatMap((file) => {
      const trace = traceOf(report, name, file);
      const below = report.belowInserted.find((one) => one.file === file)?.tokens;
      const inserted = phaseOf(trace, "line inserted above")?.samples[0]?.reply.evaluated;
      return [
        bound(
          `${name}, ${file}: back to the earlier place, prompt tokens`,
          `at most ${MOST_TOKENS}`,
          phaseOf(trace, "back")?.samples[0]?.reply.evaluated,
          MOST_TOKENS,
          String,
        ),
        bound(
          `${name}, ${file}: a line inserted above, prompt tokens`,
          below === undefined ? "what follows it" : `at most ${below + MOST_TOKENS}, what follows it`,
          below === undefined ? undefined : inserted,
          (below ?? 0) + MOST_TOKENS,
          String,
        ),
      ];
    }),
  );
}

function judgeTwoEditors(report: CompletionReport): Verdict[] {
  const engine = alternatingTokens(report, hearthName);
  const server = alternatingTokens(report, INFILL);
  const many = report.many?.keys.map(({ reply }) => reply.evaluated) ?? [];
  const pair = report.twoEditors;
  const tokens = pair?.alternating.map(({ evaluated }) => evaluated) ?? [];
  return [
    bound(
      "two documents in turn, engine: prompt tokens a key (p95)",
      `at most ${MOST_TOKENS}`,
      engine.length === 0 ? undefined : percentile(engine, 0.95),
      MOST_TOKENS,
      (value) => `${value}${server.length === 0 ? "" : `; llama-server /infill ${percentile(server, 0.5)}`}`,
    ),
    bound(
      `${report.many?.documents ?? "many"} documents in turn, engine: prompt tokens a key (p95)`,
      `at most ${MOST_TOKENS}`,
      many.length === 0 ? undefined : percentile(many, 0.95),
      MOST_TOKENS,
      (value) => `${value} (most ${Math.max(...many)})`,
    ),
    bound(
      "two editors in turn, protocol: prompt tokens a key (p95)",
      `at most ${MOST_TOKENS}`,
      tokens.length === 0 ? undefined : percentile(tokens, 0.95),
      MOST_TOKENS,
      String,
    ),
    bound(
      "memory of the second editor",
      `at most ${PAIR_MB} MB`,
      residentGrowth(pair),
      PAIR_MB,
      (value) => `${value} MB`,
    ),
    ...PACES_MS.flatMap((paceMs) => {
      const atOnce = pair?.atOnce.find((one) => one.paceMs === paceMs);
      return [
        judgeSlowdown(paceMs, atOnce, "firstItemMs", "the first item"),
        judgeSlowdown(paceMs, atOnce, "modelAnswerMs", "the model's answer"),
      ];
    }),
  ];
}

function judgeSlowdown(
  paceMs: number,
  atOnce: AtOnce | undefined,
  figure: "firstItemMs" | "modelAnswerMs",
  name: string,
): Verdict {
  const pace = paceMs === 0 ? "each key as soon as the one before is answered" : `a key every ${paceMs} ms`;
  return bound(
    `two editors typing at once, ${pace}: p95 to ${name}, times alone`,
    `at most ${TWO_EDITORS}`,
    atOnce && Math.max(...atOnce.seats.map((seat) => slowdown(seat, figure))),
    TWO_EDITORS,
    (value) => `${value.toFixed(2)} (${describeSeats(atOnce, figure)})`,
  );
}

function judgeNeighbour({ neighbour }: CompletionReport): Verdict[] {
  const floor = neighbour?.oneThreadFloor;
  const floorMs = floor === undefined ? undefined : percentile(floor.answerMs, 0.5);
  return [
    bound(
      "beside one busy process: 24 tokens against the one-thread floor beside it (p50)",
      `at most ${ABOVE_FLOOR}`,
      neighbour === undefined || floorMs === undefined
        ? undefined
        : (percentile(neighbour.busyMs, 0.5) * 24) / Math.max(1, neighbour.generated) / floorMs,
      ABOVE_FLOOR,
      (value) => `${value.toFixed(2)} at ${neighbour?.depth ?? 0} tokens`,
    ),
    bound(
      "after the busy process has ended: times before it began (p50)",
      `at most ${SAME}`,
      neighbour === undefined
        ? undefined
        : percentile(neighbour.afterMs, 0.5) / percentile(neighbour.quietMs, 0.5),
      SAME,
      (value) => value.toFixed(2),
    ),
  ];
}

function judgeNaive(report: CompletionReport): Verdict[] {
  return [SHORT, LONG].flatMap((file) => {
    const anchored = phaseOf(traceOf(report, hearthInfillName, file), "typing");
    const naive = phaseOf(traceOf(report, naiveName, file), "typing");
    return [0.5, 0.95].map((share): Verdict => {
      const subject = `anchored against naive, ${file}: time to the model's item, ratio (p${share * 100})`;
      const value = ratio(
        naive && percentile(naive.firstTokenMs, share),
        anchored && percentile(anchored.firstTokenMs, share),
      );
      if (value === undefined) return { subject, wanted: "–", measured: "–", outcome: "not measured" };
      const whole = ratio(naive && percentile(naive.ms, share), anchored && percentile(anchored.ms, share));
      const measured = `${value.toFixed(1)} to the first token, ${(whole ?? 0).toFixed(1)} to 24 tokens (${anchored?.depth ?? 0} tokens of prompt)`;
      if (file === SHORT) return { subject, wanted: "–", measured, outcome: "told" };
      return {
        subject,
        wanted: `at least ${RATIO_TO_NAIVE} with a 4k-token prefix`,
        measured,
        outcome: value >= RATIO_TO_NAIVE ? "holds" : "falls short",
      };
    });
  });
}

function judgeMenu({ menuWork, cancel }: CompletionReport): Verdict[] {
  return [
    bound(
      "menu completion: work in the daemon (p95)",
      `at most ${MENU_WORK_MS} ms`,
      menuWork?.p95Ms,
      MENU_WORK_MS,
      (value) => `${value.toFixed(1)} ms (n ${menuWork?.requests ?? 0})`,
    ),
    bound(
      "cancelling: until the lane is free (p99)",
      `one slice, ${SLICE_MS} ms`,
      cancel === undefined || cancel.waitMs.length === 0 ? undefined : percentile(cancel.waitMs, 0.99),
      SLICE_MS,
      (value) => `${value.toFixed(0)} ms`,
    ),
    bound(
      "cancelling: calls of the model until the lane is free (p99)",
      "at most 1, the slice that runs",
      cancel === undefined || cancel.slices.length === 0 ? undefined : percentile(cancel.slices, 0.99),
      1,
      (value) =>
        `${value}; p50 ${percentile(cancel?.waitMs ?? [], 0.5).toFixed(0)}, p95 ${percentile(cancel?.waitMs ?? [], 0.95).toFixed(0)}, p99 ${percentile(cancel?.waitMs ?? [], 0.99).toFixed(0)} ms (n ${cancel?.waitMs.length ?? 0}, longest call ${cancel?.longestCallMs.toFixed(0)} ms)`,
    ),
  ];
}

function judgeTrace({ longTrace }: CompletionReport): Verdict[] {
  const shares = lineTotalsShares(longTrace);
  const cpu = longTrace?.daemonCpuSeconds;
  return [
    told("300 keystrokes: answered without any model evaluation", shares?.withoutModel),
    told("300 keystrokes: answered from a generation that was kept", shares?.kept),
    told(
      "processor seconds per accepted line",
      longTrace === undefined || cpu === undefined
        ? undefined
        : longTrace.accepted === 0
          ? `none accepted; ${cpu.toFixed(1)} s for ${longTrace.keys} keys`
          : `${(cpu / longTrace.accepted).toFixed(2)} s (${longTrace.accepted} accepted, ${longTrace.acceptedCharacters} characters; ${cpu.toFixed(1)} s for ${longTrace.keys} keys)`,
    ),
  ];
}

function told(subject: string, measured: string | undefined): Verdict {
  const outcome = measured === undefined ? "not measured" : "told";
  return { subject, wanted: "told", measured: measured ?? "–", outcome };
}

function describeGuesses(trace: TraceResult | undefined): string | undefined {
  const replies = workedTyping(trace).map(({ reply }) => reply);
  if (replies.length === 0) return undefined;
  const sum = (figure: "drafted" | "confirmed" | "generated"): number =>
    replies.reduce((total, reply) => total + (reply[figure] ?? 0), 0);
  return `${sum("drafted")}, ${sum("confirmed")} of them right, of ${sum("generated")} in the answers`;
}

/** Of every typed character, expected or not. */
function typedTokens(trace: TraceResult | undefined): readonly number[] {
  return (["typing", "typing the unexpected"] as const).flatMap(
    (phase) => phaseOf(trace, phase)?.samples.map(({ reply }) => reply.evaluated) ?? [],
  );
}

function worked(trace: TraceResult | undefined): string {
  return `${workedTyping(trace).length} keys; the others were remembered`;
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined || b === 0 ? undefined : a / b;
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}
