// The parts that are switched off in turn, one at a time.
import type { CompletionParts } from "../../server/features/index.ts";

const allOn: CompletionParts = { names: true, filters: true, gate: true, identifiers: true };

export interface Variant {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly parts: CompletionParts;
  readonly healing: boolean;
}

export const variants: readonly Variant[] = [
  { id: "all", name: "all parts on", parts: allOn, healing: true },
  { id: "no-healing", name: "healing off", parts: allOn, healing: false },
  { id: "no-names", name: "names off", parts: { ...allOn, names: false }, healing: true },
  {
    id: "no-identifiers",
    name: "identifier check off",
    parts: { ...allOn, identifiers: false },
    healing: true,
  },
  { id: "no-validity", name: "validity gate off", parts: { ...allOn, gate: false }, healing: true },
  { id: "no-filters", name: "filters off", parts: { ...allOn, filters: false }, healing: true },
];
