// `hearth models recommend`: what fits this machine, how long a suggestion would take, and why.
import { formatBytes, recommend } from "../inference/index.ts";
import type { AssessedMachine } from "./machine.ts";
import { describeMachine } from "./machine.ts";
import type { ModelsDeps } from "./models.ts";
import { renderTable } from "./output.ts";

export async function recommendModels(
  deps: ModelsDeps,
  options: { readonly asJson: boolean; readonly all: boolean },
): Promise<number> {
  const { supplier, output } = deps;
  const machine = await deps.assess();
  const { verdicts, best } = recommend(supplier.catalogue, machine);
  const shown = options.all ? verdicts : verdicts.filter(({ isOffered }) => isOffered);
  if (options.asJson) {
    const { hardware, score, tier } = machine;
    const models = shown.map(({ entry, ...verdict }) => ({ id: entry.id, name: entry.name, ...verdict }));
    const report = {
      best: best?.entry.id,
      score,
      tier,
      hardware,
      idleGraphics: machine.idleGraphics,
      models,
    };
    output.line(JSON.stringify(report, null, 2));
    return best === undefined ? 1 : 0;
  }
  for (const line of describeMachine(machine)) output.line(line);
  output.line("");
  const cells = shown.map(({ entry, fit, suggestionMs, neededBytes, why, isOffered }) => [
    entry.id === best?.entry.id ? "*" : " ",
    entry.id,
    fit,
    isOffered && fit !== "no" ? `${suggestionMs} ms` : "",
    formatBytes(neededBytes),
    entry.lineMatch === undefined ? "" : `${entry.lineMatch.toFixed(1)} %`,
    why,
  ]);
  for (const line of renderTable([[" ", "model", "fit", "24 tokens", "memory", "lines", "why"], ...cells])) {
    output.line(line);
  }
  output.line("24 tokens: a predicted suggestion; lines: published exact matches when filling in a line.");
  output.line(
    best === undefined
      ? "No model fits this machine; names still come from the syntax tree."
      : `* ${best.entry.name}: \`hearth setup\` fetches it, \`hearth models use ${best.entry.id}\` sets it.`,
  );
  return best === undefined ? 1 : 0;
}

/** For the choice of the default: what measuring found best. */
export function bestOf(
  deps: Pick<ModelsDeps, "supplier">,
  machine: AssessedMachine,
): { readonly id: string; readonly reason: string } | undefined {
  const { best } = recommend(deps.supplier.catalogue, machine);
  if (best === undefined) return undefined;
  const reason = `it scores ${machine.score} of 100 (${machine.tier}), a suggestion would take about ${best.suggestionMs} ms`;
  return { id: best.entry.id, reason };
}
