// Blocks of older formats and what the reference (the Python package gguf 0.19, dequantize then quantize) makes of them:
// made-up ones with extreme scales, and the first ones of a tensor of the default model.
import { readFileSync } from "node:fs";

interface Golden {
  readonly source: Buffer;
  readonly q8: Buffer;
}

export function readGolden(): ReadonlyMap<string, Golden> {
  const text = readFileSync(new URL("./q8-golden.json", import.meta.url), "utf8");
  const rows = JSON.parse(text) as Readonly<Record<string, { readonly source: string; readonly q8: string }>>;
  return new Map(
    Object.entries(rows).map(([name, { source, q8 }]) => [
      name,
      { source: Buffer.from(source, "hex"), q8: Buffer.from(q8, "hex") },
    ]),
  );
}
