// Writes a model's measured gate into the catalogue and leaves every other byte as it is.

/** Throws when the catalogue has no such model, or the model no gate. */
export function withGate(catalogue: string, modelId: string, gate: number): string {
  const at = catalogue.indexOf(`"id": ${JSON.stringify(modelId)}`);
  if (at < 0) throw new Error(`the catalogue has no model ${modelId}`);
  const next = catalogue.indexOf('"id":', at + 1);
  const end = next < 0 ? catalogue.length : next;
  const entry = catalogue.slice(at, end);
  if (!/"confidenceGate":\s*[\d.]+/.test(entry)) throw new Error(`${modelId} has no confidenceGate`);
  const written = entry.replace(/("confidenceGate":\s*)[\d.]+/, `$1${gate}`);
  return catalogue.slice(0, at) + written + catalogue.slice(end);
}
