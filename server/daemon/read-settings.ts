// The settings of this machine: the user's file and the environment, from the disk.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { HearthError } from "../kernel/index.ts";
import { resolvePaths } from "../platform/index.ts";
import type { Environment, Paths } from "../platform/index.ts";
import { openMachineSettings } from "../settings/index.ts";
import type { MachineSettings, Settings, SettingsFiles } from "../settings/index.ts";

export const settingsFiles: SettingsFiles = {
  async readText(path, maxBytes) {
    try {
      const { size } = await stat(path);
      if (size > maxBytes)
        throw new HearthError("invalid-input", `it has ${size} bytes, more than ${maxBytes}`);
      return await readFile(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  },
};

export function openSettings(paths: Paths, environment: Environment): Promise<MachineSettings> {
  return openMachineSettings({
    files: settingsFiles,
    userFile: join(paths.config, "settings.json"),
    environment,
  });
}

export async function readMachineSettings(): Promise<Settings> {
  return (await openSettings(resolvePaths(process.env), process.env)).current();
}
