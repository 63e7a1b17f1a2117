// One editor's conversation with whichever daemon lives: passes frames on, remembers what a new daemon must be told, and answers
// what a dead one left open. Knows streams and processes only through its dependencies.
import type { Result } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";
import { encodeFrame } from "../wire/index.ts";
import type { LinkMode } from "./circuit.ts";
import { createDaemonRequests } from "./daemon-requests.ts";
import { emptyAnswer, isAskedAgain } from "./empty-answers.ts";
import { readGoodbye } from "./goodbye.ts";
import type { Goodbye } from "./goodbye.ts";
import { createJournal } from "./journal.ts";
import type { DaemonLink, LinkFailure } from "./link.ts";
import { createLinkKeeper, withoutProgressToken } from "./link-keeper.ts";
import { createOutbox, withoutStale } from "./outbox.ts";
import { createPendingRequests } from "./pending-requests.ts";
import { createPulse } from "./pulse.ts";
import type { Outgoing } from "./outbox.ts";
import { encodeMessage, isRpcId, kindOf, parseMessage } from "./rpc.ts";
import type { RpcMessage } from "./rpc.ts";

export interface RelayDeps {
  readonly clock: Clock;
  /** Writes a frame; false when the editor reads slower than the daemon writes: `editorDrained` follows. */
  readonly toEditor: (frame: Uint8Array) => boolean;
  readonly openLink: (mode: LinkMode) => Promise<Result<DaemonLink, LinkFailure>>;
  /** True while the editor should not be read, because the daemon reads slower. */
  readonly holdEditor: (isHeld: boolean) => void;
  /** One line for the editor's log of our standard error. */
  readonly say: (line: string) => void;
  /** The conversation is over: everything was handed over, the process can end. */
  readonly finish: (exitCode: number) => void;
  readonly startMode: LinkMode;
  readonly deathsPerMinute: number;
}

export interface Relay {
  /** Looks for a daemon before the editor says its first word. */
  start(): void;
  fromEditor(body: Uint8Array): void;
  editorDrained(): void;
  /** The editor's side is gone or unreadable. */
  end(): void;
}

/** The daemon answers what came before `exit` and says goodbye; one that hangs is not waited for. */
const GOODBYE_PATIENCE_MS = 1_000;
const INTERNAL_ERROR = -32603;
const INVALID_REQUEST = -32600;
const MESSAGE_TYPE_WARNING = 2;

export function createRelay(deps: RelayDeps): Relay {
  const journal = createJournal();
  const daemonRequests = createDaemonRequests();
  /** Sent to the present daemon and not answered. */
  const pending = createPendingRequests();
  /** Everything sent before `initialize` was answered: no replay covers it, so a new daemon gets it as it was. */
  let preamble: Outgoing[] = [];
  let isShutDown = false;
  let isExiting = false;
  let isOver = false;

  const outbox = createOutbox({
    clock: deps.clock,
    isPatient: isAskedAgain,
    onImpatient: answerEmpty,
    onOverflow(waiting) {
      for (const outgoing of waiting) {
        if (kindOf(outgoing.message) === "request") answerEmpty(outgoing);
        else if (outgoing.message !== undefined) journal.note(outgoing.message);
      }
    },
  });
  const keeper = createLinkKeeper({
    ...deps,
    journal,
    isWanted: () => !isOver && !isShutDown,
    hasWork: () => outbox.size > 0 || journal.documentCount > 0,
    onReady: sendWaiting,
    onFrame: fromDaemon,
    onLost: settleLoss,
    onHopeless(sentence) {
      for (const waiting of outbox.takeAll()) {
        if (kindOf(waiting.message) === "request") refuse(waiting.message?.id, INTERNAL_ERROR, sentence);
      }
    },
    warn: (message) =>
      tell({ method: "window/showMessage", params: { type: MESSAGE_TYPE_WARNING, message } }),
  });

  const pulse = createPulse({
    clock: deps.clock,
    isWaiting: () => keeper.isReady && pending.size > 0,
    ask: (id) => keeper.write(encodeMessage({ id, method: "hearth/pulse" })),
    onSilence: (seconds) => keeper.drop(`the daemon has not reacted for ${seconds} s`, true),
  });

  // --- from the editor -------------------------------------------------------------------------------------------------

  function fromEditor(body: Uint8Array): void {
    if (isOver) return;
    const message = parseMessage(body);
    const kind = kindOf(message);
    if (kind === "notification" && message?.method === "exit") return sayExit(body);
    if (isShutDown && !keeper.isConnected) {
      if (kind === "request") refuse(message?.id, INVALID_REQUEST, "the server was shut down");
      return;
    }
    const outgoing: Outgoing = { body, message, deaths: 0 };
    if (keeper.isReady) return send(outgoing);
    if (kind === "request" && message?.method === "shutdown" && journal.isInitialized) {
      return shutDownAlone(outgoing);
    }
    outbox.push(outgoing);
    keeper.open();
  }

  function send(outgoing: Outgoing): void {
    const { message } = outgoing;
    let body = outgoing.body;
    switch (kindOf(message)) {
      case "request":
        if (isRpcId(message?.id)) pending.add(message.id, outgoing);
        pulse.watch();
        break;
      case "response": {
        const answer = message === undefined ? undefined : daemonRequests.answer(message);
        if (answer === undefined) return; // Asked by a daemon that is gone.
        body = encodeMessage(answer);
        break;
      }
      case "notification":
        if (message?.method === "window/workDoneProgress/cancel") {
          body = encodeMessage(daemonRequests.translateForDaemon(message));
        }
        break;
      case "unknown":
        break;
    }
    keeper.write(body);
    if (!journal.isInitialized) preamble.push(outgoing);
    if (message !== undefined) journal.note(message);
  }

  /** A daemon that dies of one of them is noticed later: what is left is sent all the same and comes back as pending. */
  function sendWaiting(): void {
    const { fresh, stale } = withoutStale(outbox.takeAll());
    stale.forEach(answerEmpty);
    fresh.forEach(send);
  }

  /** No daemon is started only to be told that it may go. */
  function shutDownAlone(outgoing: Outgoing): void {
    isShutDown = true;
    for (const waiting of outbox.takeAll()) {
      if (kindOf(waiting.message) === "request") answerEmpty(waiting);
    }
    answerEmpty(outgoing);
    if (keeper.isConnected) keeper.drop("the editor shut down", false);
  }

  /** The daemon's goodbye follows when everything before `exit` was answered; without a daemon there is nothing to wait for. */
  function sayExit(body: Uint8Array): void {
    if (!keeper.isReady) {
      for (const waiting of outbox.takeAll()) answerEmpty(waiting);
      return over(exitCode());
    }
    isExiting = true;
    keeper.write(body);
    deps.clock.schedule(GOODBYE_PATIENCE_MS, () => over(exitCode()));
  }

  function exitCode(): number {
    return isShutDown ? 0 : 1;
  }

  function over(code: number): void {
    if (isOver) return;
    isOver = true;
    outbox.takeAll();
    keeper.close();
    deps.finish(code);
  }

  // --- to the editor ---------------------------------------------------------------------------------------------------

  function tell(message: object): void {
    writeToEditor(encodeMessage(message));
  }

  function writeToEditor(body: Uint8Array): void {
    if (!deps.toEditor(encodeFrame(body))) keeper.pause();
  }

  function answerEmpty({ message }: Outgoing): void {
    if (!isRpcId(message?.id) || message.method === undefined) return;
    if (message.method === "shutdown") isShutDown = true;
    tell({ id: message.id, result: emptyAnswer(message.method, message.params) });
  }

  function refuse(id: unknown, code: number, message: string): void {
    if (isRpcId(id)) tell({ id, error: { code, message } });
  }

  function fromDaemon(body: Uint8Array, message: RpcMessage): void {
    if (isOver) return;
    pulse.noteSign();
    switch (kindOf(message)) {
      case "response":
        return fromDaemonAnswer(body, message);
      case "request": {
        const routed = daemonRequests.route(message);
        if (routed.kind === "to-editor") tell(routed.message);
        else keeper.write(encodeMessage(routed.message));
        return;
      }
      case "notification": {
        const goodbye = readGoodbye(message);
        if (goodbye !== undefined) return fromDaemonGoodbye(goodbye);
        const routed = daemonRequests.routeNotification(message);
        return routed === message ? writeToEditor(body) : tell(routed);
      }
      case "unknown":
        // An error without an id: the answer to something that could not be read.
        return writeToEditor(body);
    }
  }

  function fromDaemonAnswer(body: Uint8Array, message: RpcMessage): void {
    if (!isRpcId(message.id)) return;
    const answered = pending.take(message.id, message);
    // Exactly one answer: one that nobody waits for was given already.
    if (answered === undefined) return;
    const asked = answered.message;
    if (asked?.method === "initialize" && message.error === undefined) {
      journal.noteInitialized(message.result);
      preamble = [];
    }
    if (asked?.method === "shutdown" && message.error === undefined) isShutDown = true;
    writeToEditor(body);
  }

  function fromDaemonGoodbye(goodbye: Goodbye): void {
    if (goodbye.kind === "ended") {
      if (goodbye.reason !== "") deps.say(goodbye.reason);
      return over(goodbye.exitCode);
    }
    // Somebody stopped the daemon on purpose: the next message of the editor starts another one.
    keeper.drop("the daemon was stopped", false);
  }

  // --- what a dead daemon leaves ---------------------------------------------------------------------------------------

  function settleLoss(isDeath: boolean): void {
    const open = pending.takeAll();
    if (open.some(({ message }) => message?.method === "shutdown")) isShutDown = true;
    for (const ended of daemonRequests.forget()) tell(ended);
    const isLast = isShutDown || isExiting;
    const again: Outgoing[] = [];
    for (const outgoing of open) {
      if (!isLast && isTriedAgain(outgoing)) again.push(askAgain(outgoing));
      else answerEmpty(outgoing);
    }
    if (isExiting) return over(exitCode());
    if (isLast) return;
    if (!journal.isInitialized) {
      again.push(...preamble.filter(({ message }) => kindOf(message) === "notification"));
      preamble = [];
    }
    outbox.unshift(again);
    if (isDeath || outbox.size > 0) keeper.open();
  }

  function isTriedAgain({ message, deaths }: Outgoing): boolean {
    const method = message?.method ?? "";
    return method === "initialize" || (isAskedAgain(method) && deaths === 0);
  }

  function askAgain(outgoing: Outgoing): Outgoing {
    const { message } = outgoing;
    if (message === undefined) return outgoing;
    const again = { ...message, params: withoutProgressToken(message.params) };
    return { body: encodeMessage(again), message: again, deaths: outgoing.deaths + 1 };
  }

  return {
    start: () => keeper.open(),
    fromEditor,
    editorDrained: () => keeper.resume(),
    end: () => over(exitCode()),
  };
}
