// Mounts `hearth models …` and `hearth setup` on the argument parser.
import type { Command } from "commander";
import { listModels, printModelPath, pullModel, removeModel, verifyModel } from "./models.ts";
import { recommendModels } from "./recommend-models.ts";
import { runSetup } from "./setup.ts";
import type { SetupDeps } from "./setup.ts";
import { useModel } from "./use-model.ts";

interface ModelCommandsDeps {
  /** Composes what the commands need; called only when one of them runs. */
  readonly open: () => Promise<SetupDeps>;
  readonly setExitCode: (exitCode: number) => void;
}

export function addModelCommands(program: Command, deps: ModelCommandsDeps): void {
  const run = async (work: (opened: SetupDeps) => Promise<number>): Promise<void> => {
    // Waiting for another process keeps no handle open: without this Node would end in the middle of it.
    const alive = setInterval(() => undefined, 60_000);
    try {
      deps.setExitCode(await work(await deps.open()));
    } finally {
      clearInterval(alive);
    }
  };
  const models = program.command("models").description("the models on this machine");
  models
    .command("list", { isDefault: true })
    .description("what there is, what is here, and which one is the default")
    .option("--json", "as JSON")
    .action((options: { json?: boolean }) =>
      run((opened) => listModels(opened, { asJson: options.json === true })),
    );
  models
    .command("recommend")
    .description("what fits this machine, how fast it would be, and why")
    .option("--json", "as JSON")
    .option("--all", "also models for other work and those that nobody checked")
    .action((options: { json?: boolean; all?: boolean }) =>
      run((opened) => recommendModels(opened, { asJson: options.json === true, all: options.all === true })),
    );
  models
    .command("use")
    .description("make a model the one that hearth uses: writes model.id into your settings file")
    .argument("<model>", "an id from the list, a model uri, the path of a file, auto, or none")
    .action((name: string) => run((opened) => useModel(opened, { name })));
  models
    .command("pull")
    .description("fetch a model; without a name the default one")
    .argument("[model]", "an id from the list, a model uri, or the path of a file")
    .option("--accept-licence", "agree to the terms of a model that has its own")
    .action((name: string | undefined, options: { acceptLicence?: boolean }) =>
      run((opened) => pullModel(opened, { name, acceptsLicence: options.acceptLicence === true })),
    );
  models
    .command("verify")
    .description("hash and check a model; without a name all that are here")
    .argument("[model]")
    .action((name: string | undefined) => run((opened) => verifyModel(opened, { name })));
  models
    .command("remove")
    .description("remove a model and what is left of a broken fetch")
    .argument("<model>")
    .option("--force", "also when the running daemon has it in use")
    .action((name: string, options: { force?: boolean }) =>
      run((opened) => removeModel(opened, { name, isForced: options.force === true })),
    );
  models
    .command("path")
    .description("print where a model is or will be")
    .argument("<model>")
    .action((name: string) => run((opened) => printModelPath(opened, { name })));
  program
    .command("setup")
    .description(
      "look at the machine, fetch the model that fits it and set it; bring or take out a GPU build",
    )
    .option("--gpu <kind>", "vulkan, cuda, or none: only that")
    .option("-y, --yes", "ask nothing: a GPU build is brought where there is a device")
    .action((options: { gpu?: string; yes?: boolean }) =>
      run((opened) => runSetup(opened, { gpu: options.gpu, isYes: options.yes === true })),
    );
}
