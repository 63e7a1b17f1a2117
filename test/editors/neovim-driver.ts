// A real Neovim without a screen, driven over its own RPC: keys go in as if typed, the buffer comes out.
import { spawn } from "node:child_process";
import { attach } from "neovim";
import type { NeovimClient } from "neovim";
import { until } from "../kit/waiting.ts";
import { neovimPath } from "./installed.ts";

export interface Neovim {
  readonly rpc: NeovimClient;
  /** Keys as a user types them, in Neovim's notation. */
  keys(keys: string): Promise<void>;
  lua(code: string, args?: readonly string[]): Promise<unknown>;
  text(): Promise<string>;
  /** Waits until `code`, an expression, gives something true. */
  untilLua(what: string, code: string): Promise<unknown>;
  quit(): Promise<void>;
}

export async function startNeovim(environment: NodeJS.ProcessEnv, folder: string): Promise<Neovim> {
  const child = spawn(neovimPath, ["--embed", "--headless", "--clean", "-n"], {
    env: { ...environment, XDG_STATE_HOME: folder, NVIM_LOG_FILE: "/dev/null" },
    cwd: folder,
    stdio: "pipe",
  });
  const rpc = attach({ proc: child });
  const exited = new Promise<void>((resolve) => {
    child.on("close", () => resolve());
  });
  const lua = (code: string, args: readonly string[] = []): Promise<unknown> => rpc.lua(code, [...args]);
  return {
    rpc,
    async keys(keys) {
      await rpc.input(keys);
    },
    lua,
    async text() {
      return (await rpc.buffer.lines).join("\n");
    },
    untilLua: (what, code) =>
      until(what, async () => {
        const value = await lua(`return ${code}`);
        return value === null || value === false || value === 0 ? undefined : value;
      }),
    async quit() {
      // The connection breaks with the editor: that is the answer.
      await Promise.race([rpc.command("qall!").catch(() => undefined), exited]);
      await exited;
    },
  };
}
