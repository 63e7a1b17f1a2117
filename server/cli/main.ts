#!/usr/bin/env node
// The `hearth` command. Loads only what the chosen form needs: the forwarder's start-up is paid once per editor.
import { runDaemon, runForwarder } from "../daemon/index.ts";
import { chooseForm } from "./form.ts";

const form = chooseForm(process.argv.slice(2), process.stdin.isTTY);
switch (form.kind) {
  case "forwarder":
    process.exit(await runForwarder(form));
    break;
  case "daemon":
    process.exit(await runDaemon(form));
    break;
  case "command":
    process.exitCode = await (await import("./commands.ts")).runCommand(form.arguments);
    break;
}
