// Syntax findings of files on disk, for the command line: the syntax room without a daemon and without a model.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createBugRecorder, describeError } from "../kernel/index.ts";
import {
  createInstalledFiles,
  systemThreads,
  resolvePaths,
  silentLog,
  systemClock,
} from "../platform/index.ts";
import { createSyntaxService } from "../syntax/index.ts";
import { createText, lineEnd, positionAt } from "../text/index.ts";

export interface FileFinding {
  readonly file: string;
  /** From 1, as editors count; columns in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly code: string;
}

export interface CheckedFiles {
  readonly findings: readonly FileFinding[];
  /** Files that could not be judged, with the reason: no grammar, unreadable, too large. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

export async function checkFiles(files: readonly string[]): Promise<CheckedFiles> {
  const syntax = await createSyntaxService({
    grammarsFolder: join(resolvePaths(process.env).packageRoot, "grammars"),
    files: createInstalledFiles(),
    threads: systemThreads,
    clock: systemClock,
    log: silentLog,
    bugs: createBugRecorder(),
  });
  const findings: FileFinding[] = [];
  const skipped: { file: string; reason: string }[] = [];
  try {
    for (const file of files) {
      try {
        const text = createText(await readFile(file, "utf8"));
        const firstLine = text.content.slice(0, Math.min(lineEnd(text, 0), 300));
        const language = syntax.languages.detect({ editorId: "", path: resolve(file), firstLine });
        if (language === undefined) {
          skipped.push({ file, reason: "no grammar knows this kind of file" });
          continue;
        }
        const document = syntax.openDocument(language, text);
        const snapshot = await document.whenJudged(new AbortController().signal);
        if (snapshot === undefined)
          skipped.push({ file, reason: `the ${language.name} grammar could not read it` });
        for (const { span, message, code } of snapshot?.findings() ?? []) {
          const { line, character } = positionAt(text, span.start, "utf-16");
          findings.push({ file, line: line + 1, column: character + 1, message, code });
        }
        document.dispose();
      } catch (error) {
        skipped.push({ file, reason: describeError(error) });
      }
    }
    return { findings, skipped };
  } finally {
    syntax.dispose();
  }
}
