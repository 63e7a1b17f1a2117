// The room's figures in one place: how long, how large, how many.

/** What an edit may spend in its own turn; beyond it the parse goes on in slices off the turn. */
export const EDIT_BUDGET_MS = 8;

/** Edits that follow each other faster than this share one parse, unless somebody reads the tree in between. */
export const BURST_MS = 5;

/** So many edits wait for one parse at most: telling a tree about more costs as much as parsing. */
export const MAX_PENDING_EDITS = 100;

/** One slice of background work; the event loop gets a turn between two slices. */
export const SLICE_MS = 8;

/**
 * Longer texts (UTF-16 units) get no tree: a tree takes about 30 times the text's size (measured: 5.5 MB for 195 kB of TypeScript),
 * so this keeps one document under about 60 MB.
 */
export const MAX_PARSED_LENGTH = 2_000_000;

/** A text with a longer line (UTF-16 units) is minified or data: parsed off the turn only, no findings. */
export const MAX_LINE_LENGTH = 20_000;

/** Findings shown for one text; whoever has more errors than that is not helped by the fifty-first. */
export const MAX_FINDINGS = 50;

/**
 * The end of trying out repairs for one text, whatever is left: trials are counted, and usually over within 20 ms. Only a machine
 * that is out of breath gets here, and then says less about the same errors.
 */
export const MENDING_LIMIT_MS = 60;

/** Longer texts (UTF-16 units) are not shown to a second parser. */
export const MAX_JUDGED_LENGTH = 500_000;

/** A second parser that takes longer is stopped, and the text stays without findings; the first call loads the parser. */
export const SECOND_OPINION_MS = 10_000;

/** The second parsers' thread and its memory are given back after this long without a question. */
export const IDLE_THREAD_MS = 60_000;

/** Texts up to this length (UTF-16 units) are read by the native parser in one go also where others wait: a few milliseconds. */
export const MAX_BLOCKING_LENGTH = 20_000;
