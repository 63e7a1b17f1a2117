// What to say about proxies when nothing answers: Node's own HTTP client uses them only in newer versions, and only when asked to.
import type { Environment } from "../../platform/index.ts";

/** A sentence with a leading blank, or nothing. Never the proxy's address: it may hold a password. */
export function networkHint(environment: Environment): string {
  const names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
  const variable = names.find((name) => (environment[name] ?? "") !== "");
  if (variable === undefined || environment["NODE_USE_ENV_PROXY"] === "1") return "";
  return (
    ` ${variable} is set, and hearth uses it only with Node 22.21 or 24 and later and with NODE_USE_ENV_PROXY=1;` +
    ` models from pypi: go through pip, which uses it always.`
  );
}
