// Whose step is next: the most urgent class, within it the documents in turn by the time they had, and nobody waits for ever.
import type { RequestClass } from "./inference-service.ts";

/** What a step evaluates: one token and what is guessed behind it, or more. */
export type StepKind = "token" | "slice";

interface Waiting {
  readonly document: string;
  readonly requestClass: RequestClass;
  readonly isStarted: boolean;
  readonly nextStep: StepKind;
  /** Steps that ran for others since this one had its last. */
  readonly waitedSteps: number;
}

export interface Turns {
  /**
   * The tasks whose steps run now; none when there are none. Tokens of two documents go together, since the model reads
   * its weights once for both: that takes a tenth to a third less time than one after the other (measured, two cores).
   */
  choose<One extends Waiting>(entries: readonly One[]): readonly One[];
  /** A step of the document took this long. */
  spend(document: string, ms: number): void;
  /** A task of the document joins these: what it had long ago gives it no claim now. */
  arrive(document: string, entries: readonly Waiting[]): void;
}

export const URGENCY: readonly RequestClass[] = ["typing", "explicit", "warming", "background"];
/** After so many steps for more urgent work, the task that has waited longest gets one step. */
export const PATIENCE_STEPS = 32;
/**
 * Documents of one class in turn; more at once would drive each other out of the model's few sequences, so the others
 * wait until one of these is done.
 */
export const IN_TURN = 2;

export function createTurns(): Turns {
  const usedMs = new Map<string, number>();
  const used = (document: string): number => usedMs.get(document) ?? 0;

  const chooseInTurn = <One extends Waiting>(rivals: readonly One[]): readonly One[] => {
    const started = rivals.filter((one) => one.isStarted);
    const admitted = [...started, ...rivals.filter((one) => !one.isStarted)].slice(
      0,
      Math.max(IN_TURN, started.length),
    );
    const [first] = [...admitted].sort((a, b) => used(a.document) - used(b.document));
    if (first === undefined) return [];
    if (first.nextStep !== "token") return [first];
    const others = admitted.filter((one) => one !== first && one.nextStep === "token");
    return [first, ...others].slice(0, IN_TURN);
  };

  return {
    choose(entries) {
      let patient: (typeof entries)[number] | undefined;
      for (const entry of entries) {
        if (entry.waitedSteps >= PATIENCE_STEPS && entry.waitedSteps > (patient?.waitedSteps ?? 0))
          patient = entry;
      }
      const ranks = entries.map(({ requestClass }) => URGENCY.indexOf(requestClass));
      const best = Math.min(...ranks);
      const chosen =
        patient === undefined ? chooseInTurn(entries.filter((_, index) => ranks[index] === best)) : [patient];
      if (entries.length === 0) usedMs.clear();
      return chosen;
    },
    spend(document, ms) {
      usedMs.set(document, used(document) + ms);
    },
    arrive(document, entries) {
      const least = Math.min(...entries.map((entry) => used(entry.document)));
      if (Number.isFinite(least)) usedMs.set(document, Math.max(used(document), least));
    },
  };
}
