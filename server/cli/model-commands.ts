// Mounts `hearth models …` and `hearth setup` on the argument parser.
import type { Command } from "commander";
import { listModels, printModelPath, pullModel, removeModel, verifyModel } from "./models.ts";
import { runSetup } from "./setup.ts";
import type { SetupDeps } from "./setup.ts";

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
    .action((name: string) => run((opened) => removeModel(opened, { name })));
  models
    .command("path")
    .description("print where a model is or will be")
    .argument("<model>")
    .action((name: string) => run((opened) => printModelPath(opened, { name })));
  program
    .command("setup")
    .description("fetch the default model; bring or take out a GPU build")
    .option("--gpu <kind>", "vulkan, cuda, or none")
    .action((options: { gpu?: string }) => run((opened) => runSetup(opened, { gpu: options.gpu })));
}
