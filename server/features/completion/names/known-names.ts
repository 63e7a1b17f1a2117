// Every name that can be offered at a place without asking a model.
import type { SyntaxDocument, SyntaxSnapshot } from "../../../syntax/index.ts";
import type { DocumentSnapshot } from "../../../workspace/index.ts";
import type { CursorPlace } from "../cursor-place.ts";
import { distances } from "./candidate.ts";
import type { Candidate } from "./candidate.ts";
import { memberNames } from "./member-names.ts";
import { indexNames } from "./name-index.ts";
import type { NameIndex } from "./name-index.ts";
import { rankCandidates } from "./rank.ts";
import { importedNames, scopeNames } from "./scope-names.ts";
import { wordsNear } from "./words.ts";

export interface NamesQuery {
  readonly snapshot: DocumentSnapshot;
  readonly others: readonly DocumentSnapshot[];
  readonly place: CursorPlace;
  readonly isInvoked: boolean;
}

export type KnownNames = (query: NamesQuery) => readonly Candidate[];

/** Facts of other documents that are read for the first time during one request; the rest waits for the next one. */
const NEW_INDEXES_PER_REQUEST = 2;

export function createKnownNames(): KnownNames {
  const indexes = new WeakMap<SyntaxSnapshot, NameIndex>();
  /** The newest index of each document: what is used while a large text is being parsed again. */
  const latest = new WeakMap<SyntaxDocument, NameIndex>();

  const indexOf = (document: SyntaxDocument): NameIndex | undefined => {
    const syntax = document.current();
    if (syntax === undefined) return latest.get(document);
    const index = indexes.get(syntax) ?? indexNames(syntax.facts());
    indexes.set(syntax, index);
    latest.set(document, index);
    return index;
  };

  const isIndexed = (document: SyntaxDocument): boolean => {
    const syntax = document.current();
    return syntax === undefined || indexes.has(syntax);
  };

  const indexesOfOthers = (query: NamesQuery): { index: NameIndex; detail: string }[] => {
    const { language, id } = query.snapshot;
    let allowed = NEW_INDEXES_PER_REQUEST;
    return query.others.flatMap((other) => {
      if (other.id === id || other.language?.id !== language?.id) return [];
      const isNew = !isIndexed(other.syntax);
      if (isNew) allowed -= 1;
      const index = isNew && allowed < 0 ? latest.get(other.syntax) : indexOf(other.syntax);
      return index === undefined ? [] : [{ index, detail: other.displayPath }];
    });
  };

  return (query) => {
    const { snapshot, place, isInvoked } = query;
    const words = (): readonly Candidate[] => wordsNear(snapshot.text.content, place.wordStart, place.offset);
    if (place.isNumber) return [];
    if (place.kind !== "code") return isInvoked ? rankCandidates(words(), place.typed) : [];
    // Right of a blank or a bracket nobody asked for a list of everything.
    if (place.typed === "" && place.member === undefined && !isInvoked) return [];

    const index = indexOf(snapshot.syntax);
    const candidates: Candidate[] = [];
    if (index === undefined) {
      candidates.push(...words());
    } else if (place.member !== undefined) {
      candidates.push(...memberNames(index, place.member.receiver, place.offset));
    } else {
      candidates.push(...scopeNames(index, place.offset), ...importedNames(index));
    }
    for (const other of indexesOfOthers(query)) {
      candidates.push(...namesOfOther(other.index, other.detail, place.member !== undefined));
    }
    if (place.member === undefined) candidates.push(...languageNames(snapshot));
    return rankCandidates(candidates, place.typed);
  };
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
  return index.declarationsOf(0).map(({ name, kind }) => ({ name, kind, distance, count: 0, detail }));
}
