// A process that fetches one model with the built supplier: for tests with several processes and with kills.

/**
 * Runs under `node --input-type=module -e`. Arguments: the address of the built server folder, the folder of models, the catalogue.
 * Prints one JSON line when it is done.
 */
export const fetchScript = `
const [built, folder, catalogueFile] = process.argv.slice(1);
const { createModelSupplier } = await import(\`\${built}/inference/supply/index.js\`);
const { systemClock, systemDownloads, systemFiles, systemProcesses } = await import(
  \`\${built}/platform/index.js\`
);

const supplier = await createModelSupplier({
  files: systemFiles,
  processes: systemProcesses,
  downloads: systemDownloads,
  clock: systemClock,
  folder,
  catalogueFile,
  settings: () => ({ isOffline: false, hubEndpoint: undefined, hubToken: undefined }),
});
const phases = new Set();
// The clock's timers do not keep a process alive; a command does.
const alive = setInterval(() => undefined, 1000);
const result = await supplier.fetch(supplier.catalogue[0], {
  signal: new AbortController().signal,
  onProgress: ({ phase }) => phases.add(phase),
});
clearInterval(alive);
process.stdout.write(\`\${JSON.stringify({ result, phases: [...phases] })}\\n\`);
`;
