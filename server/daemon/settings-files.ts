// Reads settings files for the settings room.
import { readFile, stat } from "node:fs/promises";
import { HearthError } from "../kernel/index.ts";
import type { SettingsFiles } from "../settings/index.ts";

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
