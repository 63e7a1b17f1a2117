// `hearth doctor`: what is here, what is missing, and how to get it. One list of checks, for the eye and as JSON.
import type { Inspection } from "../daemon/index.ts";
import { formatBytes } from "../inference/index.ts";
import { describeMachine } from "./machine.ts";
import type { AssessedMachine } from "./machine.ts";
import { describeReach, describeServer } from "./server-words.ts";
import { renderStatus } from "./status-table.ts";

export interface Check {
  readonly name: string;
  /** `note`: works, but could be better or is worth knowing. */
  readonly state: "good" | "note" | "problem";
  readonly detail: string;
  readonly remedy?: string;
}

const OLDEST_NODE: readonly [number, number] = [20, 12];
/** A model of one and a half billion parameters needs about this much, with room to unpack it. */
const COMFORTABLE_BYTES = 2_500_000_000;

export function diagnose(found: Inspection): readonly Check[] {
  return [
    nodeCheck(found),
    socketCheck(found),
    ...found.unwritable.map(({ folder, reason }): Check => ({
      name: "folder",
      state: "problem",
      detail: `${folder} cannot be written: ${reason}`,
      remedy: "Change its owner or permissions, or set HEARTH_HOME to another folder.",
    })),
    diskCheck(found),
    daemonCheck(found),
    modelCheck(found),
    ...serverChecks(found),
    ...promptChecks(found),
    ...crashChecks(found),
    gpuCheck(found),
    grammarCheck(found),
    nativeParserCheck(found),
    ...[
      ...found.settingsProblems,
      ...(found.daemon?.sessions ?? []).flatMap((session) => session.settingsProblems),
    ].map((detail): Check => ({ name: "settings", state: "problem", detail })),
    ...found.catalogueProblems.map((detail): Check => ({ name: "catalogue", state: "note", detail })),
    ...(found.daemon?.bugs ?? []).map(({ key, message, count }): Check => ({
      name: "bug",
      state: "problem",
      detail: `${key}: ${message} (${count} times)`,
      remedy: `Please report it with the lines of ${found.daemon?.logFile ?? "the log"} that name it.`,
    })),
  ];
}

/** What the machine is worth for models, and a graphics device that nothing uses. */
export function machineChecks(machine: AssessedMachine): readonly Check[] {
  const { idleGraphics } = machine;
  const detail = describeMachine(machine).map((line) => line.replace(/^(\w+) +/, "$1 "));
  const checks: Check[] = [{ name: "machine", state: "good", detail: detail.reverse().join("; ") }];
  if (idleGraphics === undefined) return checks;
  return [
    ...checks,
    {
      name: "graphics",
      state: "note",
      detail: `${idleGraphics.name} is there and not used`,
      remedy: `"hearth setup --gpu ${idleGraphics.kind}" brings what it needs.`,
    },
  ];
}

export function renderDoctor(found: Inspection, checks: readonly Check[]): string {
  const marks = { good: "ok", note: "--", problem: "!!" } as const;
  const width = Math.max(...checks.map((check) => check.name.length));
  const lines = [`hearth ${found.version} (build ${found.build}), node ${found.node}, ${found.platform}`, ""];
  for (const { name, state, detail, remedy } of checks) {
    lines.push(`${marks[state]}  ${name.padEnd(width)}  ${detail}`);
    if (remedy !== undefined) lines.push(`${" ".repeat(width + 6)}-> ${remedy}`);
  }
  lines.push("", "models");
  const here = found.models.filter(({ file }) => file !== undefined);
  for (const { entry, file } of here) lines.push(`  ${entry.id}  ${entry.licence}: ${file ?? ""}`);
  lines.push(`  ${found.models.length - here.length} more in the catalogue: hearth models`);
  lines.push("", "files");
  for (const [name, place] of Object.entries(found.paths)) lines.push(`  ${name.padEnd(12)} ${place}`);
  lines.push(`  ${"output".padEnd(12)} ${found.outputFile}`);
  if (found.daemon !== undefined) lines.push("", "daemon", renderStatus(found.daemon));
  return lines.join("\n");
}

function nodeCheck({ node }: Inspection): Check {
  const [major = 0, minor = 0] = node.slice(1).split(".").map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return isOld
    ? { name: "node", state: "problem", detail: `${node} is too old`, remedy: "Install Node 20.12 or newer." }
    : { name: "node", state: "good", detail: node };
}

function socketCheck({ socket, socketProblem }: Inspection): Check {
  if (socketProblem === undefined) return { name: "socket", state: "good", detail: socket };
  return {
    name: "socket",
    state: "problem",
    detail: socketProblem,
    remedy: "Until then each editor runs a process of its own, with a model of its own.",
  };
}

function diskCheck({ freeBytes, paths }: Inspection): Check {
  if (freeBytes === undefined) return { name: "disk", state: "note", detail: "the free space is not known" };
  const detail = `${formatBytes(freeBytes)} free for models in ${paths.data}`;
  return { name: "disk", state: freeBytes < COMFORTABLE_BYTES ? "note" : "good", detail };
}

function daemonCheck({ daemon }: Inspection): Check {
  if (daemon === undefined) {
    return { name: "daemon", state: "note", detail: "none is running; the first editor starts it" };
  }
  const { pid, sessions, memory } = daemon;
  return {
    name: "daemon",
    state: "good",
    detail: `process ${pid}, ${sessions.length} sessions, ${formatBytes(memory.residentBytes)} resident`,
  };
}

function modelCheck({ daemon, models, wantedModel }: Inspection): Check {
  const name = "model";
  if (wantedModel === "none") return { name, state: "note", detail: "switched off by the settings" };
  const state = daemon?.inference.state;
  if (state !== undefined) {
    const who = daemon?.inference.modelName ?? wantedModel;
    switch (state.kind) {
      case "ready":
      case "unloaded":
      case "loading":
        return { name, state: "good", detail: `${who}: ${state.kind}` };
      case "downloading":
        return {
          name,
          state: "note",
          detail: `${who}: ${state.phase ?? "fetching"}, ${formatBytes(state.receivedBytes)} so far`,
        };
      case "missing":
        return { name, state: "problem", detail: `${who}: ${state.reason}`, remedy: state.remedy };
      case "failed":
        return { name, state: "problem", detail: `${who}: ${state.reason}` };
      case "off":
        break;
    }
  }
  const present = models.filter(({ file }) => file !== undefined).map(({ entry }) => entry.id);
  if (present.length > 0) return { name, state: "good", detail: `here: ${present.join(", ")}` };
  return {
    name,
    state: "note",
    detail: "none is here yet",
    remedy: 'The daemon fetches the default by itself; "hearth setup" does it now.',
  };
}

function serverChecks({ daemon, server: configured }: Inspection): readonly Check[] {
  const server = daemon?.inference.server ?? configured;
  if (server === undefined) return [];
  const name = "server";
  const state =
    daemon?.inference.server === undefined ? ({ kind: "off", reason: "" } as const) : daemon.inference.state;
  const detail = describeServer({ server, state }) ?? "";
  const reach = describeReach(server);
  const note: readonly Check[] = reach === undefined ? [] : [{ name, state: "note", detail: reach }];
  switch (server.state) {
    case "up":
      return [{ name, state: "good", detail }, ...note];
    case "connecting":
    case "trial":
      return [{ name, state: "note", detail }, ...note];
    case "down":
      return [
        { name, state: "problem", detail, remedy: "Start the server again; hearth finds it by itself." },
        ...note,
      ];
    case "unused":
      return [
        {
          name,
          state: "problem",
          detail,
          remedy: 'Correct the setting, then run "hearth stop": the next editor starts it anew.',
        },
      ];
  }
}

function promptChecks({ daemon }: Inspection): readonly Check[] {
  const detail = daemon?.inference.promptNote;
  if (detail === undefined) return [];
  const remedy =
    "It works, but does not see what follows the cursor; a model made for filling in the middle does.";
  return [{ name: "prompt", state: "note", detail, remedy }];
}

function crashChecks({ crashes }: Inspection): readonly Check[] {
  return Object.entries(crashes).map(([id, { count, phase }]) => ({
    name: "crashes",
    state: count > 1 ? "problem" : "note",
    detail: `${id}: the process died ${count} ${count === 1 ? "time" : "times"} while it was ${phase}`,
    ...(count > 1 ? { remedy: 'It is switched off. "hearth models retry" switches it on again.' } : {}),
  }));
}

function gpuCheck({ daemon }: Inspection): Check {
  const inference = daemon?.inference;
  if (inference === undefined || inference.backend === "none") {
    return { name: "gpu", state: "note", detail: "looked for when a model is loaded" };
  }
  const devices = inference.gpuDevices.length === 0 ? "no device" : inference.gpuDevices.join(", ");
  const layers = inference.gpuLayers === 0 ? "" : `, ${inference.gpuLayers} layers on it`;
  return {
    name: "gpu",
    state: "good",
    detail: `${devices}${layers}; ${inference.backend}: ${inference.backendReason}`,
  };
}

function grammarCheck({ syntax, daemon, languages }: Inspection): Check {
  const { loadedGrammars, failedGrammars } = daemon?.syntax ?? syntax;
  if (failedGrammars.length > 0) {
    const detail = failedGrammars.map(({ languageId, reason }) => `${languageId}: ${reason}`).join("; ");
    return {
      name: "grammars",
      state: "problem",
      detail,
      remedy: 'Install hearth again ("npm ci"): a file of it may be damaged.',
    };
  }
  const loaded = loadedGrammars.length === 0 ? "" : `; loaded: ${loadedGrammars.join(", ")}`;
  return { name: "grammars", state: "good", detail: `${languages} languages${loaded}` };
}

function nativeParserCheck({ syntax }: Inspection): Check {
  const { state, reason } = syntax.native;
  return {
    name: "native tree-sitter",
    state: state === "broken" ? "note" : "good",
    detail: `${state}: ${reason}`,
    ...(state === "broken" ? { remedy: "Nothing is lost: the portable parser does its work." } : {}),
  };
}
