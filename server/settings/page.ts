// The settings page, written from the table so that it cannot be out of date.
import { WORKSPACE_FILE } from "./client-settings.ts";
import { variableOf } from "./machine-settings.ts";
import { rowOf, settingKeys } from "./table.ts";
import type { Scope } from "./table.ts";
import { describeKind } from "./validate.ts";

export function renderSettingsPage(): string {
  const rows = settingKeys.map((key) => {
    const { kind, scope, default: value, doc } = rowOf(key);
    const shown = value === null ? "not set" : `\`${JSON.stringify(value)}\``;
    return `| \`${key}\` | ${shown} | ${describeKind(kind)} | ${scopes[scope]} | ${doc} |`;
  });
  return `${HEAD}\n| setting | default | value | who may set it | what it does |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n\n## Variables\n\n${settingKeys.map((key) => `\`${variableOf(key)}\``).join(", ")}\n`;
}

const scopes: Readonly<Record<Scope, string>> = {
  machine: "you",
  client: "you, the editor",
  workspace: "you, the editor, a workspace",
};

const HEAD = `<!-- Written by \`node dist/scripts/settings-page.js\` from server/settings/table.ts: change the table, not this page. -->

# Settings

Nothing has to be set. A value is taken from the last of these places that has one:

1. the default;
2. your file: \`settings.json\` in the configuration folder (\`~/.config/hearth\` on Linux, \`hearth doctor\` shows it);
3. \`${WORKSPACE_FILE}\` in a workspace folder: it is not trusted and may set only the rows marked "a workspace", which name
   no file, program or address and cannot make hearth download, log or spend more;
4. the environment of the daemon: \`completion.maxItems\` is \`HEARTH_COMPLETION_MAX_ITEMS\`;
5. the editor: \`initializationOptions\`, or the section \`hearth\` of its settings.

Files are JSON, since editors send the same shape, so that a block can be copied from one place to the other; comments and
trailing commas are allowed. Keys may be nested (\`{ "completion": { "maxItems": 50 } }\`) or dotted. A value that cannot be taken
is reported once, in a sentence that names the place, and the last good one stays.
`;
