// Looks at what a daemon would find here, without starting one: rooms are composed without a model and let go of again.
import { accessSync, constants, mkdirSync, statfsSync } from "node:fs";
import { createBugRecorder, describeError } from "../kernel/index.ts";
import type { CatalogueEntry, ServerStatus } from "../inference/index.ts";
import { openFolderFiles, resolvePaths, silentLog, systemClock } from "../platform/index.ts";
import type { Paths } from "../platform/index.ts";
import type { SyntaxStatus } from "../syntax/index.ts";
import { compose } from "./compose.ts";
import { askStatus } from "./control.ts";
import type { DaemonStatus } from "./daemon-status.ts";
import { resolveEndpoint, secureFolder } from "./endpoint.ts";
import { outputFile } from "./spawn.ts";

export interface Inspection {
  readonly version: string;
  readonly build: string;
  readonly node: string;
  readonly platform: string;
  readonly paths: Paths;
  readonly socket: string;
  /** A sentence when no socket can be had. */
  readonly socketProblem: string | undefined;
  /** Folders that cannot be written, with the reason. */
  readonly unwritable: readonly { readonly folder: string; readonly reason: string }[];
  /** In the folder for models. */
  readonly freeBytes: number | undefined;
  readonly outputFile: string;
  readonly daemon: DaemonStatus | undefined;
  readonly syntax: SyntaxStatus;
  readonly languages: number;
  readonly wantedModel: string;
  /** The server that the settings name, as they say it: it is not asked here. */
  readonly server: ServerStatus | undefined;
  readonly models: readonly {
    readonly entry: CatalogueEntry;
    /** Where the verified file lies; undefined when it was not fetched. */
    readonly file: string | undefined;
  }[];
  readonly catalogueProblems: readonly string[];
  readonly settingsProblems: readonly string[];
  /** Models that were running when a process died, by id. */
  readonly crashes: Readonly<Record<string, { readonly count: number; readonly phase: string }>>;
}

export async function inspect(): Promise<Inspection> {
  const paths = resolvePaths(process.env);
  const endpoint = resolveEndpoint(paths);
  const safe = secureFolder(endpoint.folder, endpoint.isNamedPipe);
  const composition = await compose({
    paths,
    environment: process.env,
    clock: systemClock,
    log: silentLog,
    bugs: createBugRecorder(),
    version: endpoint.version,
    hasModel: false,
  });
  try {
    const { supplier, settings, session } = composition;
    await session.syntax.probeNative();
    const models = [];
    for (const entry of supplier.catalogue)
      models.push({ entry, file: (await supplier.locate(entry))?.path });
    const { id, path, uri } = settings.current().model;
    return {
      version: endpoint.version,
      build: endpoint.build,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      paths,
      socket: endpoint.socket,
      socketProblem: safe.ok ? undefined : safe.failure,
      unwritable: [paths.state, paths.data].flatMap((folder) => {
        const reason = whyNotWritable(folder);
        return reason === undefined ? [] : [{ folder, reason }];
      }),
      freeBytes: freeBytes(paths.data),
      outputFile: outputFile(paths),
      daemon: await askStatus(endpoint),
      syntax: session.syntax.status(),
      languages: session.syntax.languages.all.length,
      wantedModel: path ?? uri ?? id,
      server: session.inference.status().server,
      models,
      catalogueProblems: supplier.catalogueProblems,
      settingsProblems: settings.problems(),
      crashes: readCrashes(openFolderFiles(paths.state).read("model-crashes.json")),
    };
  } finally {
    await composition.dispose();
  }
}

function whyNotWritable(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}

function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // The folder cannot be made, which is reported as unwritable.
    return undefined;
  }
}

function readCrashes(text: string | undefined): Inspection["crashes"] {
  try {
    return JSON.parse(text ?? "{}") as Inspection["crashes"];
  } catch {
    // Half written by a process that ended.
    return {};
  }
}
