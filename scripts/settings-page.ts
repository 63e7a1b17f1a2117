// Writes server/settings/SETTINGS.md from the table of settings; a test holds the two together.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { resolvePaths } from "../server/platform/index.ts";
import { renderSettingsPage } from "../server/settings/index.ts";

const page = join(resolvePaths(process.env).packageRoot, "server", "settings", "SETTINGS.md");
writeFileSync(page, renderSettingsPage());
console.log(`wrote ${page}`);
