// Every name that can be offered at a place without asking a model.
import type { Clock } from "../../../platform/index.ts";
import type { ImportFact } from "../../../syntax/index.ts";
import type { Span } from "../../../text/index.ts";
import type { DocumentSnapshot } from "../../../workspace/index.ts";
import type { CursorPlace } from "../cursor-place.ts";
import { distances } from "./candidate.ts";
import type { Candidate } from "./candidate.ts";
import { createIndexKeeper } from "./index-keeper.ts";
import { memberNames } from "./member-names.ts";
import { isName } from "./name-index.ts";
import type { NameIndex } from "./name-index.ts";
import { rankCandidates } from "./rank.ts";
import type { RankedName } from "./rank.ts";
import { importedNames, scopeNames } from "./scope-names.ts";
import { recentWords, wordsNear } from "./words.ts";

export interface NamesQuery {
  readonly snapshot: DocumentSnapshot;
  readonly others: readonly DocumentSnapshot[];
  readonly place: CursorPlace;
  readonly isInvoked: boolean;
}

export interface KnownNames {
  find(query: NamesQuery): NamesFound;
  /**
   * Whether a name stands for something in the document; undefined where that cannot be said of every name: the language
   * gives names without a word about them, the file imports everything of something, or nothing, or was not read yet.
   */
  knower(
    snapshot: DocumentSnapshot,
    others: readonly DocumentSnapshot[],
  ): ((name: string, except: Span) => boolean) | undefined;
}

/** Of hundreds of open documents a few are read after each request, so that no keystroke waits for them. */
const RENEWED_PER_REQUEST = 2;

export interface NamesFound {
  readonly names: readonly RankedName[];
  /** The file's names are still being read: a later request knows more. */
  readonly isPartial: boolean;
}

export function createKnownNames(deps: {
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}): KnownNames {
  const indexes = createIndexKeeper(deps);

  /** Other documents are never read during a request: their names come with the next one. */
  const indexesOfOthers = (query: NamesQuery): { index: NameIndex; detail: string }[] => {
    const { language, id } = query.snapshot;
    let allowed = RENEWED_PER_REQUEST;
    return query.others.flatMap((other) => {
      if (other.id === id || other.language?.id !== language?.id) return [];
      if (allowed > 0 && indexes.renewSoon(other.syntax)) allowed -= 1;
      const index = indexes.lastIndex(other.syntax);
      return index === undefined ? [] : [{ index, detail: other.displayPath }];
    });
  };

  const find = (query: NamesQuery): NamesFound => {
    const { snapshot, place, isInvoked } = query;
    const words = (): readonly Candidate[] => wordsNear(snapshot.text.content, place.wordStart, place.offset);
    const found = (candidates: readonly Candidate[], isPartial = false): NamesFound => ({
      names: rankCandidates(candidates, {
        typed: place.typed,
        sigil: place.sigil,
        recent: recentWords(snapshot.text.content, place.wordStart),
      }),
      isPartial,
    });
    if (place.isNumber) return found([]);
    if (place.kind !== "code") return found(isInvoked ? words() : []);
    // Right of a blank or a bracket nobody asked for a list of everything.
    if (place.typed === "" && place.sigil === "" && place.member === undefined && !isInvoked)
      return found([]);

    const own = indexes.indexAt(snapshot.syntax, snapshot.text, place.offset);
    const candidates: Candidate[] = [];
    if (own === undefined) {
      candidates.push(...words());
    } else if (place.member !== undefined) {
      candidates.push(...memberNames(own.index, place.member.receiver, own.offset, snapshot.language));
    } else {
      candidates.push(...scopeNames(own.index, own.offset), ...importedNames(own.index));
    }
    for (const other of indexesOfOthers(query)) {
      candidates.push(...namesOfOther(other.index, other.detail, place.member !== undefined));
    }
    if (place.member === undefined) candidates.push(...languageNames(snapshot));
    return found(candidates, own === undefined && snapshot.syntax.language !== undefined);
  };

  return {
    find,
    knower({ id, language, syntax, text }, others) {
      if (language?.hasClosedNames !== true) return undefined;
      const imports = indexes.lastIndex(syntax)?.facts.imports;
      if (imports === undefined || imports.length === 0 || imports.some(isWildcard)) return undefined;
      const given = new Set([...language.keywords, ...language.builtins]);
      return (name, except) =>
        given.has(name) ||
        occursOutside(text.content, name, except) ||
        others.some(
          (other) =>
            other.id !== id &&
            (indexes.lastIndex(other.syntax)?.declarationsOf(0) ?? []).some((one) => one.name === name),
        );
    },
  };
}

/** `from a import *` and the like; `import * as a` gives one name. */
function isWildcard({ names }: ImportFact): boolean {
  return names.some(({ name, alias }) => name === "*" && (alias === "" || alias === "*"));
}

/** As a word of its own; in a comment too, for what is written there is no invention of the model's. */
function occursOutside(content: string, name: string, except: Span): boolean {
  for (let at = content.indexOf(name); at >= 0; at = content.indexOf(name, at + 1)) {
    const end = at + name.length;
    const isWord = !isWordPart(content.charAt(at - 1)) && !isWordPart(content.charAt(end));
    if (isWord && (end <= except.start || at >= except.end)) return true;
  }
  return false;
}

function isWordPart(character: string): boolean {
  return /[\p{ID_Continue}$]/u.test(character);
}

function languageNames(snapshot: DocumentSnapshot): Candidate[] {
  const { language } = snapshot;
  if (language === undefined) return [];
  const toCandidates = (
    names: readonly string[],
    kind: "keyword" | "function",
    distance: number,
  ): Candidate[] => names.map((name) => ({ name, kind, distance, count: 0, detail: undefined }));
  return [
    ...toCandidates(language.keywords, "keyword", distances.keyword),
    ...toCandidates(language.builtins, "function", distances.builtin),
  ];
}

/** What another file shows to this one: its outermost names, or its members after a member operator. */
function namesOfOther(index: NameIndex, detail: string, isMember: boolean): Candidate[] {
  const distance = distances.otherDocument;
  if (isMember) {
    return [...index.members].map(([name, kind]) => ({ name, kind, distance, count: 0, detail }));
  }
  return index
    .declarationsOf(0)
    .filter(({ kind }) => isName(kind) && kind !== "method" && kind !== "field")
    .map(({ name, kind }) => ({ name, kind, distance, count: 0, detail }));
}
