// Follows suggestions through the edits after them. Texts are held in memory while they are followed and written nowhere.
import type { Clock, FolderFiles, Log } from "../../platform/index.ts";
import type { Offset } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";
import type { AcceptanceFeature } from "./acceptance.ts";
import { matchAt, moveOffset, shareLeft, shiftOf, shrinkEdit } from "./moved.ts";
import type { Shift } from "./moved.ts";
import { createTally } from "./tally.ts";
import type { RowKey } from "./tally.ts";

export interface AcceptanceDeps {
  readonly files: FolderFiles;
  readonly clock: Clock;
  readonly log: Log;
}

/** Suggestions on show at once in one document: the newest menus and the ghost text. */
const MAX_OFFERS = 12;
/** Accepted texts followed at once in one document. */
const MAX_FOLLOWED = 100;
/** Edits that an answer may be late by and still be placed. */
const MAX_PAST_CHANGES = 64;
/** Editors put a text into the buffer while one only looks at it in the menu; what stays this long was taken. */
const SETTLE_MS = 1500;
const KEPT_AFTER_MS = 30_000;
/** A person types one character at a time; what brings more of the text at once was an acceptance. */
const MIN_INSERTED = 2;
const KEPT_SHARE = 0.5;

interface Offer {
  readonly id: number;
  readonly key: RowKey;
  text: string;
  start: Offset;
  /** Code units of the text that stand in the document already. */
  matched: number;
  /** Set while it stands there whole and may still be only a preview. */
  cancelSettling: (() => void) | undefined;
}

interface NameOffer {
  readonly key: RowKey;
  readonly names: ReadonlySet<string>;
  start: Offset;
  /** Code units of the word that stood there after the last change. */
  typed: number;
}

interface Followed {
  readonly key: RowKey;
  readonly text: string;
  start: Offset;
  end: Offset;
  readonly cancel: () => void;
}

interface Tracked {
  content: string;
  version: number;
  /** No texts: a client that sends the whole text at each key would have many copies of it kept. */
  past: { readonly version: number; readonly shifts: readonly Shift[] }[];
  offers: Offer[];
  names: NameOffer | undefined;
  followed: Followed[];
}

export function createAcceptance({ files, clock, log }: AcceptanceDeps): AcceptanceFeature {
  const tally = createTally({ files, clock, log });
  const documents = new Map<string, Tracked>();
  const documentOfOffer = new Map<number, Tracked>();
  let lastId = 0;

  const track = (snapshot: DocumentSnapshot): Tracked => {
    const known = documents.get(snapshot.id);
    if (known !== undefined) return known;
    const fresh: Tracked = {
      content: snapshot.text.content,
      version: snapshot.version,
      past: [],
      offers: [],
      names: undefined,
      followed: [],
    };
    documents.set(snapshot.id, fresh);
    return fresh;
  };

  /** Where an offset of an older text is now; undefined when that text is too old. */
  const placeNow = (tracked: Tracked, snapshot: DocumentSnapshot, offset: Offset): Offset | undefined => {
    if (snapshot.version === tracked.version) return offset;
    const since = tracked.past.filter((change) => change.version > snapshot.version);
    if (since.length === tracked.past.length && tracked.past.length >= MAX_PAST_CHANGES) return undefined;
    return since.flatMap((change) => change.shifts).reduce(moveOffset, offset);
  };

  const drop = (offer: Offer): void => {
    offer.cancelSettling?.();
    documentOfOffer.delete(offer.id);
  };

  const follow = (tracked: Tracked, key: RowKey, start: Offset, text: string): void => {
    if (tracked.followed.length >= MAX_FOLLOWED) return;
    const entry: Followed = {
      key,
      text,
      start,
      end: start + text.length,
      cancel: clock.schedule(KEPT_AFTER_MS, () => {
        tracked.followed = tracked.followed.filter((other) => other !== entry);
        judge(tracked, entry);
      }),
    };
    tracked.followed.push(entry);
  };

  const judge = (tracked: Tracked, { key, text, start, end }: Followed): void => {
    tally.add(key, "judged");
    if (shareLeft(text, tracked.content.slice(start, end)) >= KEPT_SHARE) tally.add(key, "kept");
  };

  /** One of several suggestions for a place was taken: the others were not. */
  const take = (tracked: Tracked, offer: Offer): void => {
    tally.add(offer.key, "accepted");
    // Editors may indent it a little differently: what they made of it is what can be kept.
    const text = isMostlyThere(tracked.content, offer)
      ? tracked.content.slice(offer.start, offer.start + offer.text.length)
      : offer.text;
    follow(tracked, offer.key, offer.start, text);
    const isSamePlace = (other: Offer): boolean => other.start === offer.start;
    tracked.offers.filter(isSamePlace).forEach(drop);
    tracked.offers = tracked.offers.filter((other) => !isSamePlace(other));
    tracked.names = undefined;
  };

  const look = (tracked: Tracked): void => {
    for (const offer of tracked.offers) {
      const before = offer.matched;
      offer.matched = matchAt(tracked.content, offer.start, offer.text);
      const isWhole = offer.matched === offer.text.length && !isWordLonger(tracked.content, offer);
      if (!isWhole) {
        offer.cancelSettling?.();
        offer.cancelSettling = undefined;
      } else if (offer.matched - before >= MIN_INSERTED) {
        offer.cancelSettling ??= clock.schedule(SETTLE_MS, () => settle(tracked, offer));
      }
    }
  };

  /** A block begins like its first line, so the longest text that is there is the one that was taken. */
  const settle = (tracked: Tracked, offer: Offer): void => {
    offer.cancelSettling = undefined;
    const whole = tracked.offers.filter(
      (other) => other.start === offer.start && (other === offer || other.cancelSettling !== undefined),
    );
    const longest = whole.reduce((a, b) => (b.text.length > a.text.length ? b : a), offer);
    if (tracked.offers.includes(offer)) take(tracked, longest);
  };

  /** Which of the names was taken is known only now: the menu had too many to follow each of them. */
  const lookForName = (tracked: Tracked, lastEditEnd: Offset): void => {
    const offer = tracked.names;
    if (offer === undefined) return;
    if (lastEditEnd < offer.start || lastEditEnd - offer.start > MAX_NAME_LENGTH) {
      tracked.names = undefined;
      return;
    }
    const word = tracked.content.slice(offer.start, lastEditEnd);
    const inserted = word.length - offer.typed;
    offer.typed = word.length;
    if (inserted < MIN_INSERTED || !offer.names.has(word)) return;
    const known = tracked.offers.find((other) => other.start === offer.start && other.text === word);
    if (known !== undefined) return;
    push(tracked, offer.key, offer.start, word, offer.typed - inserted);
    look(tracked);
  };

  const push = (tracked: Tracked, key: RowKey, start: Offset, text: string, matched: number): number => {
    lastId += 1;
    const offer: Offer = { id: lastId, key, text, start, matched, cancelSettling: undefined };
    tracked.offers.push(offer);
    documentOfOffer.set(offer.id, tracked);
    if (tracked.offers.length > MAX_OFFERS) tracked.offers.splice(0, 1).forEach(drop);
    return offer.id;
  };

  return {
    offered(snapshot, { kind, edit, model }) {
      const tracked = track(snapshot);
      const start = placeNow(tracked, snapshot, edit.start);
      if (start === undefined) return NOBODY;
      const text = edit.newText;
      const known = tracked.offers.find(
        ({ start: place, key, text: shown }) =>
          place === start && key.kind === kind && key.model === model && text.startsWith(shown),
      );
      if (known !== undefined) {
        // What was shown in part at a deadline comes whole with the next key: one suggestion.
        known.text = text;
        known.matched = matchAt(tracked.content, start, text);
        return known.id;
      }
      const key = { kind, model, language: snapshot.language?.id ?? "" };
      tally.add(key, "shown");
      return push(tracked, key, start, text, matchAt(tracked.content, start, text));
    },

    offeredNames(snapshot, span, names) {
      if (names.length === 0) return;
      const tracked = track(snapshot);
      const start = placeNow(tracked, snapshot, span.start);
      const end = placeNow(tracked, snapshot, span.end);
      if (start === undefined || end === undefined) return;
      const key = { kind: "name", model: "", language: snapshot.language?.id ?? "" } as const;
      if (tracked.names?.start !== start) tally.add(key, "shown");
      tracked.names = { key, names: new Set(names), start, typed: end - start };
    },

    accepted(suggestion) {
      const tracked = documentOfOffer.get(suggestion);
      const offer = tracked?.offers.find((other) => other.id === suggestion);
      if (tracked === undefined || offer === undefined) return;
      if (offer.key.kind !== "inline" || isMostlyThere(tracked.content, offer)) {
        take(tracked, offer);
        return;
      }
      // Ghost text may be accepted word by word, each with its command, and the edit may come after the command.
      clock.schedule(SETTLE_MS, () => {
        if (tracked.offers.includes(offer) && isMostlyThere(tracked.content, offer)) take(tracked, offer);
      });
    },

    changed(snapshot, edits) {
      const tracked = track(snapshot);
      const isFollowing = tracked.offers.length + tracked.followed.length > 0 || tracked.names !== undefined;
      const [only] = edits;
      const isOne = edits.length === 1 && only !== undefined;
      const shifts = (isOne ? [shrinkEdit(tracked.content, only)] : edits).map(shiftOf);
      tracked.content = snapshot.text.content;
      tracked.version = snapshot.version;
      tracked.past.push({ version: snapshot.version, shifts });
      if (tracked.past.length > MAX_PAST_CHANGES) tracked.past.shift();
      if (!isFollowing) return;
      for (const shift of shifts) {
        for (const offer of tracked.offers) offer.start = moveOffset(offer.start, shift);
        for (const entry of tracked.followed) {
          entry.start = moveOffset(entry.start, shift);
          entry.end = moveOffset(entry.end, shift);
        }
        if (tracked.names !== undefined) tracked.names.start = moveOffset(tracked.names.start, shift);
      }
      look(tracked);
      const last = shifts.at(-1);
      if (last !== undefined) lookForName(tracked, last.start + last.inserted);
    },

    closed(snapshot) {
      const tracked = documents.get(snapshot.id);
      if (tracked === undefined) return;
      documents.delete(snapshot.id);
      for (const offer of [...tracked.offers]) {
        if (offer.cancelSettling !== undefined) settle(tracked, offer);
      }
      tracked.offers.forEach(drop);
      for (const entry of tracked.followed) {
        entry.cancel();
        judge(tracked, entry);
      }
    },

    rows: () => tally.rows(),
    dispose: () => tally.flush(),
  };
}

function isMostlyThere(content: string, { start, text }: Offer): boolean {
  return matchAt(content, start, text) >= text.length * KEPT_SHARE;
}

/** A longer word is another name. */
function isWordLonger(content: string, { key, start, text }: Offer): boolean {
  return (
    key.kind === "name" &&
    /^[\p{ID_Continue}$]/u.test(content.slice(start + text.length, start + text.length + 2))
  );
}

/** Longer words are data, not names. */
const MAX_NAME_LENGTH = 256;
/** The number of a suggestion that is not followed. */
const NOBODY = 0;
