// `npm run evaluate -- pin`: writes the hashes of the files in the corpus lists; for whoever changes a list.
import { readFileSync, writeFileSync } from "node:fs";
import { pinCorpus, readCorpusList } from "../corpus/corpus.ts";

export async function pinList(file: string, cacheFolder: string): Promise<void> {
  const note = (JSON.parse(readFileSync(file, "utf8")) as { readonly "//": string })["//"];
  const files = await pinCorpus(readCorpusList(file), cacheFolder);
  writeFileSync(file, `${JSON.stringify({ "//": note, files }, undefined, 2)}\n`);
}
