// One editor's conversation with whichever daemon lives: passes frames on, remembers what a new daemon must be told, and answers
// what a dead one left open. Knows streams and processes only through its dependencies.
import { createFrameDecoder, encodeFrame } from "../wire/index.ts";
import type { Result } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";
import { createCircuit } from "./circuit.ts";
import type { LinkMode } from "./circuit.ts";
import { createDaemonRequests } from "./daemon-requests.ts";
import { emptyAnswer, isAskedAgain } from "./empty-answers.ts";
import { readGoodbye } from "./goodbye.ts";
import { createJournal } from "./journal.ts";
import type { DaemonLink, LinkFailure } from "./link.ts";
import { createOutbox } from "./outbox.ts";
import type { Outgoing } from "./outbox.ts";
import { encodeMessage, isRecord, isRpcId, kindOf, memberOf, parseMessage } from "./rpc.ts";
import type { RpcId, RpcMessage } from "./rpc.ts";

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

interface LiveLink {
  readonly link: DaemonLink;
  /** The answer to this id belongs to a replay. */
  replayId: RpcId | undefined;
  isReady: boolean;
}

/** A shared daemon that does not come up twice is not waited for a third time. */
const SHARED_STARTS = 2;
/** Tries without any answer from a daemon before `initialize` is refused. */
const MAX_FAILED_STARTS = 4;
/** The daemon answers what came before `exit` and says goodbye; one that hangs is not waited for. */
const GOODBYE_PATIENCE_MS = 1_000;
const INTERNAL_ERROR = -32603;
const INVALID_REQUEST = -32600;
const MESSAGE_TYPE_WARNING = 2;

export function createRelay(deps: RelayDeps): Relay {
  const circuit = createCircuit(deps.clock, deps.startMode, deps.deathsPerMinute);
  const journal = createJournal();
  const daemonRequests = createDaemonRequests();
  /** Sent to the present daemon and not answered. */
  const pending = new Map<RpcId, Outgoing>();
  /** Everything sent before `initialize` was answered: no replay covers it, so a new daemon gets it as it was. */
  let preamble: Outgoing[] = [];
  let live: LiveLink | undefined;
  let isOpening = false;
  let isShutDown = false;
  let isExiting = false;
  let isOver = false;
  let failedStarts = 0;
  let replays = 0;

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

  // --- from the editor -------------------------------------------------------------------------------------------------

  function fromEditor(body: Uint8Array): void {
    if (isOver) return;
    const message = parseMessage(body);
    const kind = kindOf(message);
    if (kind === "notification" && message?.method === "exit") return sayExit(body);
    if (isShutDown && live === undefined) {
      if (kind === "request") refuse(message?.id, INVALID_REQUEST, "the server was shut down");
      return;
    }
    const outgoing: Outgoing = { body, message, deaths: 0 };
    if (live?.isReady === true) return send(live, outgoing);
    if (message?.method === "shutdown" && kind === "request" && journal.isInitialized)
      return shutDownAlone(outgoing);
    outbox.push(outgoing);
    openLink();
  }

  function send(to: LiveLink, outgoing: Outgoing): void {
    const { message } = outgoing;
    let body = outgoing.body;
    switch (kindOf(message)) {
      case "request":
        if (isRpcId(message?.id)) pending.set(message.id, outgoing);
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
    writeToDaemon(to, body);
    if (!journal.isInitialized) preamble.push(outgoing);
    if (message !== undefined) journal.note(message);
  }

  function writeToDaemon(to: LiveLink, body: Uint8Array): void {
    if (!to.link.connection.write(encodeFrame(body))) deps.holdEditor(true);
  }

  /** No daemon is started only to be told that it may go. */
  function shutDownAlone(outgoing: Outgoing): void {
    for (const waiting of outbox.takeAll()) {
      if (kindOf(waiting.message) === "request") answerEmpty(waiting);
    }
    isShutDown = true;
    live?.link.connection.destroy();
    live = undefined;
    answerEmpty(outgoing);
  }

  /** The daemon's goodbye follows when everything before `exit` was answered; without a daemon there is nothing to wait for. */
  function sayExit(body: Uint8Array): void {
    if (live?.isReady !== true) {
      for (const waiting of outbox.takeAll()) answerEmpty(waiting);
      return over(exitCode());
    }
    isExiting = true;
    writeToDaemon(live, body);
    deps.clock.schedule(GOODBYE_PATIENCE_MS, () => over(exitCode()));
  }

  function exitCode(): number {
    return isShutDown ? 0 : 1;
  }

  function over(code: number): void {
    if (isOver) return;
    isOver = true;
    outbox.takeAll();
    live?.link.connection.end();
    deps.finish(code);
  }

  // --- to the editor ---------------------------------------------------------------------------------------------------

  function tell(message: object): void {
    writeToEditor(encodeMessage(message));
  }

  function writeToEditor(body: Uint8Array): void {
    if (!deps.toEditor(encodeFrame(body))) live?.link.connection.pause();
  }

  function answerEmpty(outgoing: Outgoing): void {
    const { message } = outgoing;
    if (!isRpcId(message?.id) || message.method === undefined) return;
    if (message.method === "shutdown") isShutDown = true;
    tell({ id: message.id, result: emptyAnswer(message.method, message.params) });
  }

  function refuse(id: unknown, code: number, message: string): void {
    if (isRpcId(id)) tell({ id, error: { code, message } });
  }

  function fromDaemon(from: LiveLink, body: Uint8Array): void {
    if (live !== from || isOver) return;
    const message = parseMessage(body);
    if (message === undefined) return;
    switch (kindOf(message)) {
      case "response":
        return fromDaemonAnswer(from, message, body);
      case "request": {
        const routed = daemonRequests.route(message);
        if (routed.kind === "to-editor") tell(routed.message);
        if (routed.kind === "to-daemon") writeToDaemon(from, encodeMessage(routed.message));
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

  function fromDaemonAnswer(from: LiveLink, message: RpcMessage, body: Uint8Array): void {
    if (from.replayId !== undefined && message.id === from.replayId) return finishReplay(from, message);
    if (!isRpcId(message.id)) return;
    const asked = pending.get(message.id)?.message;
    // Exactly one answer: one that nobody waits for was given already.
    if (!pending.delete(message.id)) return;
    if (asked?.method === "initialize" && message.error === undefined) {
      journal.noteInitialized(message.result);
      preamble = [];
    }
    if (asked?.method === "shutdown" && message.error === undefined) isShutDown = true;
    writeToEditor(body);
  }

  function fromDaemonGoodbye(goodbye: {
    readonly kind: "ended" | "stopping";
    readonly exitCode: number;
    readonly reason: string;
  }): void {
    if (goodbye.kind === "ended") {
      if (goodbye.reason !== "") deps.say(goodbye.reason);
      return over(goodbye.exitCode);
    }
    // Somebody stopped the daemon on purpose: the next message of the editor starts another one.
    lose("the daemon was stopped", false);
  }

  // --- links -----------------------------------------------------------------------------------------------------------

  function openLink(): void {
    if (isOpening || live !== undefined || isOver) return;
    isOpening = true;
    deps.clock.schedule(circuit.delayMs(), () => {
      if (isOver || isShutDown) return;
      void deps.openLink(circuit.mode).then((result) => {
        isOpening = false;
        if (isOver || isShutDown) {
          if (result.ok) result.value.connection.destroy();
          return;
        }
        if (result.ok) attach(result.value);
        else noteFailedStart(result.failure);
      });
    });
  }

  function noteFailedStart(failure: LinkFailure): void {
    deps.say(failure.reason);
    failedStarts += 1;
    const isHopeless = failure.kind === "unusable" || failedStarts >= SHARED_STARTS;
    if (isHopeless && circuit.mode === "shared") {
      circuit.noteNoSocket();
      failedStarts = 0;
      warn(`${failure.reason}. hearth goes on with a process of its own for this editor.`);
    } else {
      noteDeath();
    }
    if (failedStarts >= MAX_FAILED_STARTS && !journal.isInitialized) {
      const sentence = `hearth could not start its daemon: ${failure.reason}. Run "hearth doctor" for more`;
      for (const waiting of outbox.takeAll()) {
        if (kindOf(waiting.message) === "request") refuse(waiting.message?.id, INTERNAL_ERROR, sentence);
      }
      return;
    }
    if (outbox.size > 0 || journal.documentCount > 0) openLink();
  }

  function attach(link: DaemonLink): void {
    const decoder = createFrameDecoder();
    const fresh: LiveLink = { link, replayId: undefined, isReady: false };
    live = fresh;
    link.connection.listen({
      onBytes(chunk) {
        for (const event of decoder.push(chunk)) {
          if (event.kind === "frame") fromDaemon(fresh, event.body);
          else if (live === fresh) lose(`the daemon's stream broke: ${event.reason}`, true);
        }
      },
      onEnd(reason) {
        if (live === fresh) lose(`the daemon (process ${link.pid}) is gone: ${reason}`, true);
      },
      onDrain: () => deps.holdEditor(false),
    });
    if (!journal.isInitialized) return becomeReady(fresh);
    replays += 1;
    fresh.replayId = `hearth-replay-${replays}`;
    writeToDaemon(
      fresh,
      encodeMessage({
        id: fresh.replayId,
        method: "initialize",
        params: withoutProgressToken(journal.initializeParams()),
      }),
    );
  }

  function finishReplay(to: LiveLink, answer: RpcMessage): void {
    to.replayId = undefined;
    if (answer.error !== undefined) {
      return lose(`the new daemon refused to go on: ${JSON.stringify(answer.error)}`, true);
    }
    const capabilities = memberOf(answer.result, "capabilities");
    if (JSON.stringify(capabilities) !== JSON.stringify(journal.capabilities)) {
      deps.say("the new daemon announces other capabilities than the one before");
    }
    for (const message of journal.replay()) writeToDaemon(to, encodeMessage(message));
    becomeReady(to);
  }

  function becomeReady(to: LiveLink): void {
    to.isReady = true;
    failedStarts = 0;
    for (const outgoing of outbox.takeAll()) {
      // A daemon that died of one of them is noticed later: what is left is still sent in order and comes back as pending.
      send(to, outgoing);
    }
  }

  function lose(reason: string, isDeath: boolean): void {
    const lost = live;
    live = undefined;
    lost?.link.connection.destroy();
    deps.holdEditor(false);
    const open = [...pending.values()];
    pending.clear();
    if (open.some(({ message }) => message?.method === "shutdown")) isShutDown = true;
    for (const ended of daemonRequests.forget()) tell(ended);
    if (isShutDown || isExiting) {
      for (const outgoing of open) answerEmpty(outgoing);
      if (isExiting) over(exitCode());
      return;
    }
    if (isDeath) {
      deps.say(reason);
      noteDeath();
    }
    const again: Outgoing[] = [];
    for (const outgoing of open) {
      const method = outgoing.message?.method ?? "";
      const isTriedAgain = method === "initialize" || (isAskedAgain(method) && outgoing.deaths === 0);
      if (isTriedAgain) again.push(askAgain(outgoing));
      else answerEmpty(outgoing);
    }
    if (!journal.isInitialized) {
      again.push(...preamble.filter(({ message }) => kindOf(message) === "notification"));
      preamble = [];
    }
    outbox.unshift(again);
    if (isDeath || outbox.size > 0) openLink();
  }

  function askAgain(outgoing: Outgoing): Outgoing {
    const { message } = outgoing;
    if (message === undefined) return outgoing;
    const again = { ...message, params: withoutProgressToken(message.params) };
    return { body: encodeMessage(again), message: again, deaths: outgoing.deaths + 1 };
  }

  function noteDeath(): void {
    const before = circuit.mode;
    circuit.noteDeath();
    if (circuit.mode === before) return;
    warn(
      `hearth's daemon ended unexpectedly ${deps.deathsPerMinute} times in a minute. hearth goes on without its model until the ` +
        'editor is restarted; "hearth doctor" says what happened.',
    );
  }

  function warn(message: string): void {
    tell({ method: "window/showMessage", params: { type: MESSAGE_TYPE_WARNING, message } });
  }

  return {
    start: openLink,
    fromEditor,
    editorDrained: () => live?.link.connection.resume(),
    end: () => over(exitCode()),
  };
}

/** The editor has seen the end of that progress: a second begin would confuse it. */
function withoutProgressToken(params: unknown): unknown {
  if (!isRecord(params) || !("workDoneToken" in params)) return params;
  return Object.fromEntries(Object.entries(params).filter(([name]) => name !== "workDoneToken"));
}
