// Keeps one conversation connected: opens a link, tells a new daemon what the journal holds, and opens the next when it dies.
import { describeError, fail, isRecord } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";
import { createFrameDecoder, encodeFrame } from "../wire/index.ts";
import { createCircuit } from "./circuit.ts";
import type { LinkMode } from "./circuit.ts";
import type { Journal } from "./journal.ts";
import type { DaemonLink, LinkFailure } from "./link.ts";
import { encodeMessage, memberOf, parseMessage } from "./rpc.ts";
import type { RpcId, RpcMessage } from "./rpc.ts";

export interface LinkKeeperDeps {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly openLink: (mode: LinkMode) => Promise<Result<DaemonLink, LinkFailure>>;
  readonly startMode: LinkMode;
  readonly deathsPerMinute: number;
  /** False once the conversation needs no daemon any more. */
  readonly isWanted: () => boolean;
  /** True while something waits for a daemon, or will want one to know it. */
  readonly hasWork: () => boolean;
  /** A daemon that knows everything: what waits can be sent. */
  readonly onReady: () => void;
  readonly onFrame: (body: Uint8Array, message: RpcMessage) => void;
  /** The daemon is gone, by itself or by `drop`; whoever is told decides about a new one. */
  readonly onLost: (isDeath: boolean) => void;
  /** No daemon can be had at all; one sentence for people. */
  readonly onHopeless: (sentence: string) => void;
  readonly holdEditor: (isHeld: boolean) => void;
  readonly say: (line: string) => void;
  /** Shown to the user. */
  readonly warn: (sentence: string) => void;
}

export interface LinkKeeper {
  /** Looks for a daemon, unless one is there or under way. */
  open(): void;
  readonly isReady: boolean;
  readonly isConnected: boolean;
  /** To the daemon that is connected; lost when there is none. */
  write(body: Uint8Array): void;
  /** The editor reads too slowly, or again. */
  pause(): void;
  resume(): void;
  /** Gives the daemon up; `isDeath` counts against it. */
  drop(reason: string, isDeath: boolean): void;
  /** Sends what was written and closes; nothing is reported any more. */
  close(): void;
}

interface LiveLink {
  readonly link: DaemonLink;
  /** The answer to this id belongs to a replay. */
  replayId: RpcId | undefined;
  isReady: boolean;
}

/** A shared daemon that does not come up twice is not waited for a third time. */
const SHARED_STARTS = 2;
/** Tries without any answer from a daemon before the editor is told that there is none. */
const MAX_FAILED_STARTS = 4;

export function createLinkKeeper(deps: LinkKeeperDeps): LinkKeeper {
  const { clock, journal } = deps;
  const circuit = createCircuit(clock, deps.startMode, deps.deathsPerMinute);
  let live: LiveLink | undefined;
  let isOpening = false;
  let failedStarts = 0;
  let replays = 0;

  const open = (): void => {
    if (isOpening || live !== undefined || !deps.isWanted()) return;
    isOpening = true;
    clock.schedule(circuit.delayMs(), () => {
      if (!deps.isWanted()) return;
      void openSafely(circuit.mode).then((result) => {
        isOpening = false;
        if (!deps.isWanted()) {
          if (result.ok) result.value.connection.destroy();
        } else if (result.ok) attach(result.value);
        else noteFailedStart(result.failure);
      });
    });
  };

  /** The system may refuse a process or a descriptor: that is a failed start like any other. */
  const openSafely = (mode: LinkMode): Promise<Result<DaemonLink, LinkFailure>> =>
    deps
      .openLink(mode)
      .catch((error: unknown) => fail({ kind: "failed" as const, reason: describeError(error) }));

  const noteFailedStart = (failure: LinkFailure): void => {
    deps.say(failure.reason);
    failedStarts += 1;
    const isUseless = failure.kind === "unusable" || failedStarts >= SHARED_STARTS;
    if (isUseless && circuit.mode === "shared") {
      circuit.noteNoSocket();
      failedStarts = 0;
      deps.warn(`${failure.reason}. hearth goes on with a process of its own for this editor.`);
    } else {
      noteDeath();
    }
    if (failedStarts >= MAX_FAILED_STARTS && !journal.isInitialized) {
      return deps.onHopeless(
        `hearth could not start its daemon: ${failure.reason}. Run "hearth doctor" for more`,
      );
    }
    if (deps.hasWork()) open();
  };

  const noteDeath = (): void => {
    const before = circuit.mode;
    circuit.noteDeath();
    if (circuit.mode === before) return;
    deps.warn(
      `hearth's daemon ended unexpectedly ${deps.deathsPerMinute} times in a minute. hearth goes on without its model until ` +
        'the editor is restarted; "hearth doctor" says what happened.',
    );
  };

  const attach = (link: DaemonLink): void => {
    const decoder = createFrameDecoder();
    const fresh: LiveLink = { link, replayId: undefined, isReady: false };
    live = fresh;
    link.connection.listen({
      onBytes(chunk) {
        for (const event of decoder.push(chunk)) {
          if (live !== fresh) return;
          if (event.kind === "broken") return drop(`the daemon's stream broke: ${event.reason}`, true);
          const message = parseMessage(event.body);
          if (message === undefined) continue;
          if (fresh.replayId !== undefined && message.id === fresh.replayId) finishReplay(fresh, message);
          else deps.onFrame(event.body, message);
        }
      },
      onEnd(reason) {
        if (live === fresh) drop(`the daemon (process ${link.pid}) is gone: ${reason}`, true);
      },
      onDrain: () => deps.holdEditor(false),
    });
    if (!journal.isInitialized) return becomeReady(fresh);
    replays += 1;
    fresh.replayId = `hearth-replay-${replays}`;
    const params = withoutProgressToken(journal.initializeParams());
    write(encodeMessage({ id: fresh.replayId, method: "initialize", params }));
  };

  const finishReplay = (to: LiveLink, answer: RpcMessage): void => {
    to.replayId = undefined;
    if (answer.error !== undefined) {
      return drop(`the new daemon refused to go on: ${JSON.stringify(answer.error)}`, true);
    }
    const capabilities = memberOf(answer.result, "capabilities");
    if (JSON.stringify(capabilities) !== JSON.stringify(journal.capabilities)) {
      deps.say("the new daemon announces other capabilities than the one before");
    }
    for (const message of journal.replay()) write(encodeMessage(message));
    becomeReady(to);
  };

  const becomeReady = (to: LiveLink): void => {
    to.isReady = true;
    failedStarts = 0;
    deps.onReady();
  };

  const write = (body: Uint8Array): void => {
    if (live?.link.connection.write(encodeFrame(body)) === false) deps.holdEditor(true);
  };

  const drop = (reason: string, isDeath: boolean): void => {
    live?.link.connection.destroy();
    if (isDeath) live?.link.abandon?.();
    live = undefined;
    deps.holdEditor(false);
    if (isDeath && deps.isWanted()) {
      deps.say(reason);
      noteDeath();
    }
    deps.onLost(isDeath);
  };

  return {
    open,
    get isReady() {
      return live?.isReady === true;
    },
    get isConnected() {
      return live !== undefined;
    },
    write,
    pause: () => live?.link.connection.pause(),
    resume: () => live?.link.connection.resume(),
    drop,
    close() {
      live?.link.connection.end();
      live = undefined;
    },
  };
}

/** The editor has seen the end of that progress: a second begin would confuse it. */
export function withoutProgressToken(params: unknown): unknown {
  if (!isRecord(params) || !("workDoneToken" in params)) return params;
  return Object.fromEntries(Object.entries(params).filter(([name]) => name !== "workDoneToken"));
}
