// Commands for people. The argument parser is loaded here and nowhere else.
import { Command, CommanderError } from "commander";
import {
  askStatus,
  checkFiles,
  inspect,
  readMachineSettings,
  retryModels,
  stopDaemon,
} from "../daemon/index.ts";
import { diagnose, renderDoctor } from "./doctor.ts";
import { addModelCommands } from "./model-commands.ts";
import { renderStatus } from "./status-table.ts";
import { readVersion } from "./version.ts";

/** Adds commands of its own to the program; `exit` sets the code that the process ends with. */
export type AddCommands = (program: Command, exit: (code: number) => void) => void;

/** Resolves with the exit code: 0 done, 1 not so, 2 the command line was not understood. */
export async function runCommand(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const exit = (code: number): void => {
    exitCode = code;
  };
  const program = new Command("hearth")
    .description(
      "One resident language server for every editor, with a local model inside.\n" +
        'Editors start it as "hearth --stdio"; with --standalone it shares nothing with other editors.',
    )
    .version(readVersion(), "-v, --version")
    .exitOverride()
    .showHelpAfterError('(run "hearth help" for the list of commands)');
  for (const add of [addDaemonCommands, addDoctor, addCheck, addModels]) add(program, exit);
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}

const addDaemonCommands: AddCommands = (program, exit) => {
  program
    .command("status")
    .description("what the running daemon does")
    .option("--json", "as JSON")
    .action(async (options: { json?: boolean }) => {
      const status = await askStatus();
      if (options.json === true) {
        console.log(
          JSON.stringify(status === undefined ? { running: false } : { running: true, ...status }, null, 2),
        );
      } else console.log(status === undefined ? "No daemon is running." : renderStatus(status));
      exit(status === undefined ? 1 : 0);
    });
  program
    .command("stop")
    .description("end the daemon; an editor that needs one starts it again")
    .action(async () => {
      const pid = await stopDaemon();
      console.log(pid === undefined ? "No daemon is running." : `The daemon (process ${pid}) has ended.`);
    });
  program
    .command("daemon")
    .description("run the daemon in the foreground, for service managers; editors start it by themselves")
    .action(() => undefined);
};

const addDoctor: AddCommands = (program, exit) => {
  program
    .command("doctor")
    .description("what works here, what is missing and how to get it")
    .option("--json", "as JSON")
    .action(async (options: { json?: boolean }) => {
      const found = await inspect();
      const checks = diagnose(found);
      console.log(
        options.json === true ? JSON.stringify({ checks, ...found }, null, 2) : renderDoctor(found, checks),
      );
      exit(checks.some((check) => check.state === "problem") ? 1 : 0);
    });
};

const addCheck: AddCommands = (program, exit) => {
  program
    .command("check")
    .argument("<files...>")
    .description("syntax findings of files; the exit code is 1 when there are any")
    .option("--json", "as JSON")
    .action(async (files: string[], options: { json?: boolean }) => {
      const checked = await checkFiles(files);
      if (options.json === true) console.log(JSON.stringify(checked, null, 2));
      else {
        for (const { file, line, column, message, code } of checked.findings) {
          console.log(`${file}:${line}:${column}: ${message} (${code})`);
        }
        for (const { file, reason } of checked.skipped) console.error(`${file}: not checked: ${reason}`);
      }
      exit(checked.findings.length > 0 ? 1 : 0);
    });
};

const addModels: AddCommands = (program, exit) => {
  addModelCommands(program, {
    setExitCode: exit,
    async open() {
      const { openSetup } = await import("./open-setup.ts");
      const stop = new AbortController();
      process.once("SIGINT", () => stop.abort());
      const { offline, model } = await readMachineSettings();
      return openSetup({
        environment: process.env,
        isOffline: offline,
        rewritesSlowFiles: model.rewrite,
        signal: stop.signal,
      });
    },
  });
  program.commands
    .find((command) => command.name() === "models")
    ?.command("retry")
    .description("try models again that were switched off because a process died with them")
    .action(async () => {
      const isRunning = await retryModels();
      console.log(isRunning ? "The daemon tries its model again." : "The next daemon tries its model again.");
    });
};
