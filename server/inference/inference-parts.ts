// Parts of the engine that a measurement switches off to see what they are worth.

export interface InferenceParts {
  /** Off: the prompt ends at the cursor as it is. */
  readonly healing: boolean;
  /** Off: every request evaluates its whole prompt. */
  readonly reuse: boolean;
  /** Off: the current line stands before the suffix and the window follows the cursor, as editors' plugins do it. */
  readonly anchor: boolean;
  /** Off: every token of an answer takes a pass of its own. */
  readonly drafts: boolean;
}

export const allParts: InferenceParts = { healing: true, reuse: true, anchor: true, drafts: true };
