// The languages that grammars/ describes, and which of them a document is written in.
import { join } from "node:path";
import { describeError } from "../kernel/index.ts";
import type { InstalledFiles, Log } from "../platform/index.ts";
import type { Language, LanguageRegistry } from "./languages.ts";
import { readManifest } from "./manifest.ts";
import type { GrammarManifest } from "./manifest.ts";

export interface GrammarCatalogue {
  readonly languages: LanguageRegistry;
  manifestOf(languageId: string): GrammarManifest | undefined;
  /** Where the queries of a language lie, or queries that languages share: a folder without a manifest. */
  queryFolderOf(name: string): string | undefined;
  /** Languages that are switched off because of their own files, with the reason. */
  readonly broken: readonly { readonly languageId: string; readonly reason: string }[];
}

/** A broken manifest switches its language off with a message; the others go on. */
export async function readCatalogue(deps: {
  readonly files: InstalledFiles;
  readonly grammarsFolder: string;
  readonly log: Log;
}): Promise<GrammarCatalogue> {
  const folders = await deps.files.listFolders(deps.grammarsFolder);
  const manifests = new Map<string, GrammarManifest>();
  const queryFolders = new Map<string, string>();
  const broken: { languageId: string; reason: string }[] = [];
  const switchOff = (languageId: string, problem: string): void => {
    const reason = `${join(deps.grammarsFolder, languageId, "manifest.json")} is unusable: ${problem}. The language is switched off until the file is mended.`;
    broken.push({ languageId, reason });
    deps.log.warn({ languageId }, reason);
  };
  const read = await Promise.all(
    folders.map(async (name) => {
      const folder = join(deps.grammarsFolder, name);
      try {
        return { name, folder, json: await deps.files.readText(join(folder, "manifest.json")) };
      } catch (error) {
        return { name, folder, json: undefined, error };
      }
    }),
  );
  for (const { name, folder, json, error } of read) {
    if (error !== undefined) switchOff(name, `it cannot be read (${describeError(error)})`);
    if (json === undefined) {
      if (error === undefined) queryFolders.set(name, folder);
      continue;
    }
    const manifest = readManifest(json, folder);
    if (!manifest.ok) switchOff(name, manifest.failure);
    else if (manifest.value.language.id !== name)
      switchOff(name, `its \`id\` is "${manifest.value.language.id}" but its folder is "${name}"`);
    else {
      manifests.set(name, manifest.value);
      queryFolders.set(name, folder);
    }
  }
  for (const [name, manifest] of manifests) {
    const absent = manifest.queriesFrom.find((id) => !queryFolders.has(id));
    if (absent === undefined) continue;
    manifests.delete(name);
    queryFolders.delete(name);
    switchOff(
      name,
      `\`queriesFrom\` names "${absent}", which is neither a usable language nor a folder of queries`,
    );
  }
  return {
    languages: createRegistry([...manifests.values()].map((manifest) => manifest.language)),
    manifestOf: (languageId) => manifests.get(languageId),
    queryFolderOf: (name) => queryFolders.get(name),
    broken,
  };
}

/** Earlier languages win where two claim the same name. */
function createRegistry(languages: readonly Language[]): LanguageRegistry {
  const index = (keysOf: (language: Language) => readonly string[]): Map<string, Language> => {
    const found = new Map<string, Language>();
    for (const language of languages)
      for (const key of keysOf(language)) if (!found.has(key)) found.set(key, language);
    return found;
  };
  const byId = index((language) => [language.id]);
  const byEditorId = index((language) => [language.id, ...language.editorIds]);
  const byFilename = index((language) => language.filenames);
  const byExtension = index((language) => language.extensions);
  const byInterpreter = index((language) => language.interpreters);

  const ofPath = (path: string): Language | undefined => {
    const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
    const known = byFilename.get(name);
    if (known !== undefined) return known;
    // The longest extension wins: `.d.ts` before `.ts`.
    for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1)) {
      const language = byExtension.get(name.slice(dot).toLowerCase());
      if (language !== undefined) return language;
    }
    return undefined;
  };

  return {
    all: languages,
    byId: (id) => byId.get(id),
    detect: ({ editorId, path, firstLine }) =>
      byEditorId.get(editorId) ??
      (path === undefined ? undefined : ofPath(path)) ??
      byInterpreter.get(interpreterOf(firstLine)),
  };
}

/** `#!/usr/bin/env -S python3.12 -u` gives `python3`: a minor version and the path do not matter. */
function interpreterOf(firstLine: string): string {
  if (!firstLine.startsWith("#!")) return "";
  const words = firstLine.slice(2).trim().split(/\s+/);
  const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
  const first = nameOf(words[0] ?? "");
  const program =
    first === "env"
      ? nameOf(words.slice(1).find((word) => !word.startsWith("-") && !word.includes("=")) ?? "")
      : first;
  return program.replace(/\.\d+$/, "");
}
