// Turns the matches of a language's queries into the facts of a file; how captures are joined is written in grammars/README.md.
import type { Span } from "../text/index.ts";
import { contains, spanKey } from "./captures.ts";
import type { Capture, Match } from "./captures.ts";
import { declarationKinds } from "./facts.ts";
import type {
  Declaration,
  DeclarationKind,
  FileFacts,
  ImportFact,
  ImportedName,
  Reference,
  ReferenceKind,
  Scope,
  ScopeKind,
} from "./facts.ts";
import type { Language } from "./languages.ts";
import type { FactQueryName } from "./query-files.ts";

type FactMatches = Readonly<Record<FactQueryName, readonly Match[]>>;

export function collectFacts(language: Language, content: string, matches: FactMatches): FileFacts {
  const scopes = collectScopes(content.length, matches.scopes);
  const declarations = collectDeclarations(content, matches.declarations, scopes, language.quotes);
  const imports = collectImports(language, content, matches.imports);
  const taken = new Set(declarations.map((declaration) => spanKey(declaration.nameSpan)));
  return {
    languageId: language.id,
    declarations,
    scopes,
    imports: imports.facts,
    references: collectReferences(content, matches.references, taken, imports.spans),
  };
}

const scopeKinds: ReadonlyMap<string, ScopeKind> = new Map([
  ["scope.class", "class"],
  ["scope.function", "function"],
  ["scope.block", "block"],
]);

const bySpan = (a: Span, b: Span): number => a.start - b.start || b.end - a.end;

function collectScopes(length: number, matches: readonly Match[]): readonly Scope[] {
  const found = new Map<
    number,
    { readonly kind: ScopeKind; readonly span: Span; readonly pattern: number }
  >();
  for (const { pattern, captures } of matches)
    for (const { name, start, end } of captures) {
      const kind = scopeKinds.get(name);
      const key = spanKey({ start, end });
      const known = found.get(key);
      if (kind !== undefined && (known === undefined || known.pattern > pattern))
        found.set(key, { kind, span: { start, end }, pattern });
    }
  const scopes: Scope[] = [{ kind: "file", span: { start: 0, end: length }, parent: undefined }];
  const open = [0];
  for (const { kind, span } of [...found.values()].sort((a, b) => bySpan(a.span, b.span))) {
    const parent = closeUntil(open, scopes, span);
    open.push(scopes.length);
    scopes.push({ kind, span, parent });
  }
  return scopes;
}

/** Drops the scopes from the stack that do not hold `span`; the innermost that is left holds it. */
function closeUntil(open: number[], scopes: readonly Scope[], span: Span): number {
  for (;;) {
    const top = open.at(-1) ?? 0;
    const scope = scopes[top];
    if (top === 0 || scope === undefined || contains(scope.span, span)) return top;
    open.pop();
  }
}

const kindsOfCapture: ReadonlyMap<string, DeclarationKind> = new Map(
  declarationKinds.map((kind) => [`declaration.${kind}`, kind]),
);
/** These belong to the innermost class around them, wherever in it they stand. */
const memberKinds: ReadonlySet<DeclarationKind> = new Set([
  "field",
  "property",
  "method",
  "constructor",
  "enum-member",
]);
/** One of these whose name its scope already knows, as one of its kind, is an assignment. */
const assignableKinds: ReadonlySet<DeclarationKind> = new Set(["variable", "constant", "field", "property"]);
/** Members and plain names do not meet: `this.name = name` assigns a field beside a parameter. */
const nameFamilies: ReadonlyMap<DeclarationKind, "member" | "plain"> = new Map([
  ["variable", "plain"],
  ["constant", "plain"],
  ["parameter", "plain"],
  ["function", "plain"],
  ["field", "member"],
  ["property", "member"],
  ["method", "member"],
]);

function collectDeclarations(
  content: string,
  matches: readonly Match[],
  scopes: readonly Scope[],
  quotes: readonly string[],
): readonly Declaration[] {
  const found = new Map<number, { kind: DeclarationKind; nameSpan: Span; span: Span; pattern: number }>();
  for (const { pattern, captures } of matches) {
    const whole = captures.find((capture) => kindsOfCapture.has(capture.name));
    const kind = whole === undefined ? undefined : kindsOfCapture.get(whole.name);
    if (whole === undefined || kind === undefined) continue;
    for (const capture of captures) {
      const { start, end } = nameSpanOf(content, capture, quotes);
      if (start >= end) continue;
      const key = spanKey({ start, end });
      const known = found.get(key);
      if (known !== undefined && known.pattern <= pattern) continue;
      const span = { start: whole.start, end: whole.end };
      found.set(key, { kind, nameSpan: { start, end }, span, pattern });
    }
  }
  const known = new Set<string>();
  const declarations: Declaration[] = [];
  const placeInScopes = createScopeFinder(scopes);
  const inPlace = [...found.values()].sort(
    (a, b) => bySpan(a.span, b.span) || bySpan(a.nameSpan, b.nameSpan),
  );
  for (const { kind, nameSpan, span } of inPlace) {
    const innermost = placeInScopes(span);
    const scope = memberKinds.has(kind) ? (classAround(innermost, scopes) ?? innermost) : innermost;
    declarations.push({ name: content.slice(nameSpan.start, nameSpan.end), kind, nameSpan, span, scope });
  }
  return declarations
    .sort((a, b) => bySpan(a.nameSpan, b.nameSpan))
    .filter(({ kind, name, scope }) => {
      const family = nameFamilies.get(kind);
      if (family === undefined) return true;
      const key = `${scope} ${family} ${name}`;
      if (assignableKinds.has(kind) && known.has(key)) return false;
      known.add(key);
      return true;
    });
}

/** The name itself, without the mark of a symbol or quotes around it; empty when the capture is no name. */
function nameSpanOf(content: string, capture: Capture, quotes: readonly string[]): Span {
  const { name, start, end } = capture;
  if (name === "name.symbol") return { start: start + 1, end };
  if (name !== "name") return { start, end: start };
  const text = content.slice(start, end);
  const quote = quoteAround(text, quotes)?.length ?? 0;
  return { start: start + quote, end: end - quote };
}

/** Call with spans in ascending order. A scope of exactly the declaration's span is the declaration's own. */
function createScopeFinder(scopes: readonly Scope[]): (span: Span) => number {
  const open = [0];
  let next = 1;
  return (span) => {
    for (; next < scopes.length; next += 1) {
      const scope = scopes[next];
      if (scope === undefined || bySpan(scope.span, span) >= 0) break;
      closeUntil(open, scopes, scope.span);
      open.push(next);
    }
    return closeUntil(open, scopes, span);
  };
}

function classAround(scope: number, scopes: readonly Scope[]): number | undefined {
  for (let at: number | undefined = scope; at !== undefined; at = scopes[at]?.parent)
    if (scopes[at]?.kind === "class") return at;
  return undefined;
}

interface ImportGroup {
  readonly source: string;
  readonly span: Span;
  readonly names: Map<number, ImportedName>;
}

function collectImports(
  language: Language,
  content: string,
  matches: readonly Match[],
): { readonly facts: readonly ImportFact[]; readonly spans: readonly Span[] } {
  const groups = new Map<string, ImportGroup>();
  const spans: Span[] = [];
  for (const { captures } of matches) {
    const statement = captures.find((capture) => capture.name === "import");
    if (statement === undefined) continue;
    const packageSpan = captures.find((capture) => capture.name === "import.package");
    const sourceSpan = packageSpan ?? captures.find((capture) => capture.name === "import.source");
    const source =
      sourceSpan === undefined
        ? ""
        : withoutQuotes(content.slice(sourceSpan.start, sourceSpan.end), language.quotes);
    const key = `${spanKey(statement)} ${source}`;
    const span = { start: statement.start, end: statement.end };
    const group = groups.get(key) ?? { source, span, names: new Map<number, ImportedName>() };
    groups.set(key, group);
    spans.push(span);
    if (packageSpan !== undefined) {
      const lastPart = { start: packageSpan.start + source.lastIndexOf("/") + 1, end: packageSpan.end };
      addName(group, content, lastPart, lastPart);
    }
    // An alias may stand before its name (`str "strings"`); a match that has one has one name.
    const alias = captures.find((capture) => capture.name === "import.alias");
    for (const capture of captures)
      if (capture.name === "import.name") addName(group, content, capture, alias ?? capture);
  }
  const facts = [...groups.values()]
    .sort((a, b) => bySpan(a.span, b.span) || (a.source < b.source ? -1 : 1))
    .map(({ source, span, names }) => ({
      source,
      span,
      names: [...names.values()].sort((a, b) => bySpan(a.span, b.span)),
    }));
  return { facts, spans };
}

function addName(group: ImportGroup, content: string, name: Span, alias: Span): void {
  const imported: ImportedName = {
    name: content.slice(name.start, name.end),
    alias: content.slice(alias.start, alias.end),
    span: { start: name.start, end: name.end },
  };
  const key = spanKey(name);
  const known = group.names.get(key);
  // A pattern without the alias may match the same name: the one that saw more is kept.
  if (known === undefined || known.alias === known.name) group.names.set(key, imported);
}

function withoutQuotes(text: string, quotes: readonly string[]): string {
  const quote = quoteAround(text, quotes);
  return quote === undefined ? text : text.slice(quote.length, text.length - quote.length);
}

function quoteAround(text: string, quotes: readonly string[]): string | undefined {
  let longest: string | undefined;
  for (const mark of quotes)
    if (text.length >= 2 * mark.length && text.startsWith(mark) && text.endsWith(mark))
      if (longest === undefined || longest.length < mark.length) longest = mark;
  return longest;
}

/** The strongest first: a name node keeps the strongest kind that a pattern gave it; `none` is no reference. */
const referenceKinds: readonly (ReferenceKind | "none")[] = ["none", "call", "type", "member", "read"];
const strengthOfCapture: ReadonlyMap<string, number> = new Map(
  referenceKinds.map((kind, strength) => [`reference.${kind}`, strength]),
);

function collectReferences(
  content: string,
  matches: readonly Match[],
  declaredNames: ReadonlySet<number>,
  importSpans: readonly Span[],
): readonly Reference[] {
  const found = new Map<number, { readonly span: Span; readonly strength: number }>();
  for (const { captures } of matches)
    for (const { name, start, end } of captures) {
      const strength = strengthOfCapture.get(name);
      if (strength === undefined || start === end) continue;
      const key = spanKey({ start, end });
      if (declaredNames.has(key)) continue;
      const known = found.get(key);
      if (known === undefined || known.strength > strength)
        found.set(key, { span: { start, end }, strength });
    }
  const imports = [...importSpans].sort(bySpan);
  let firstImport = 0;
  const references: Reference[] = [];
  for (const { span, strength } of [...found.values()].sort((a, b) => bySpan(a.span, b.span))) {
    while ((imports[firstImport]?.end ?? Infinity) < span.start) firstImport += 1;
    let isImported = false;
    for (let at = firstImport; !isImported; at += 1) {
      const candidate = imports[at];
      if (candidate === undefined || candidate.start > span.start) break;
      isImported = contains(candidate, span);
    }
    const kind = referenceKinds[strength];
    if (!isImported && kind !== undefined && kind !== "none")
      references.push({ name: content.slice(span.start, span.end), kind, span });
  }
  return references;
}
