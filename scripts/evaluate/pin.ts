// `npm run evaluate -- pin`: writes the hashes of the files in the corpus lists; for whoever changes a list.
import { readFileSync, writeFileSync } from "node:fs";
import { pinCorpus, readCorpusList } from "../corpus/corpus.ts";
import type { PinnedFile } from "../corpus/corpus.ts";

export async function pinList(file: string, cacheFolder: string): Promise<void> {
  const note = (JSON.parse(readFileSync(file, "utf8")) as { readonly "//": string })["//"];
  const files = await pinCorpus(readCorpusList(file), cacheFolder);
  writeFileSync(file, formatList(note, files));
}

/** One file a line, so that a change of one shows as one line. */
function formatList(note: string, files: readonly PinnedFile[]): string {
  const rows = files.map((file) => `    ${JSON.stringify(file)}`).join(",\n");
  return `{\n  "//": ${JSON.stringify(note)},\n  "files": [\n${rows}\n  ]\n}\n`;
}
