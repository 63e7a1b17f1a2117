// What package.json says in the published package, where npm does not honour `overrides`: how the GPU builds stay out of an installation.

type Versions = Readonly<Record<string, string>>;

export interface Manifest {
  readonly version: string;
  readonly files?: readonly string[];
  readonly dependencies?: Versions;
  readonly optionalDependencies?: Versions;
  readonly overrides?: Versions;
}

/** The inference library's builds for processors (and for Metal); the ones for CUDA and Vulkan come with `hearth setup`. */
const PLAIN_BUILD = /^@node-llama-cpp\/(linux-x64|linux-arm64|mac-arm64-metal|mac-x64|win-x64|win-arm64)$/;

/**
 * The library travels inside of the package without its own list of builds, which would bring 610 MB; its other dependencies and
 * the builds that everybody needs become dependencies of the package. npm does not look for those of a package that travels inside.
 */
export function publishedManifest(own: Manifest, library: Manifest): object {
  const builds = Object.entries(library.optionalDependencies ?? {}).filter(([name]) =>
    PLAIN_BUILD.test(name),
  );
  const { overrides = {}, ...rest } = own;
  const kept = Object.entries(overrides).filter(([name]) => !name.startsWith("@node-llama-cpp/"));
  return {
    ...without(rest, ["devDependencies", "scripts", "allowScripts"]),
    dependencies: { ...library.dependencies, ...own.dependencies },
    optionalDependencies: { ...own.optionalDependencies, ...Object.fromEntries(builds) },
    overrides: Object.fromEntries(kept),
    bundleDependencies: ["node-llama-cpp"],
  };
}

/** The library's own, as it travels: no builds and no scripts, since its install script compiles where a build is missing. */
export function bundledManifest(library: Manifest): object {
  return without(library, ["optionalDependencies", "devDependencies", "scripts"]);
}

function without(manifest: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(manifest).filter(([name]) => !names.includes(name)));
}
