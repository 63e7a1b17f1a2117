// Commands for people. The argument parser is loaded here and nowhere else.
import { Command, CommanderError } from "commander";
import { askStatus, stopDaemon } from "../daemon/index.ts";
import { renderStatus } from "./status-table.ts";

/** Resolves with the exit code: 0 done, 1 not so, 2 the command line was not understood. */
export async function runCommand(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command("hearth")
    .description("One resident language server for every editor, with a local model inside.")
    .exitOverride()
    .showHelpAfterError('(run "hearth help" for the list of commands)');
  program
    .command("status")
    .description("what the running daemon does")
    .option("--json", "as JSON")
    .action(async (options: { json?: boolean }) => {
      const status = await askStatus();
      if (options.json === true) console.log(JSON.stringify(status ?? { running: false }, null, 2));
      else console.log(status === undefined ? "No daemon is running." : renderStatus(status));
      exitCode = status === undefined ? 1 : 0;
    });
  program
    .command("stop")
    .description("end the daemon; an editor that needs one starts it again")
    .action(async () => {
      const pid = await stopDaemon();
      console.log(pid === undefined ? "No daemon is running." : `The daemon (process ${pid}) has ended.`);
    });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}
