// The WebAssembly parser's entry: started once per process, its prints sent to the log, its trees counted.
import { Language as WasmLanguage, Parser, Query } from "web-tree-sitter";
import type { Tree } from "web-tree-sitter";
import type { Log } from "../platform/index.ts";

/** A tree with exactly one owner, who releases it; wasm memory is not collected in time otherwise. */
export interface OwnedTree {
  readonly tree: Tree;
  readonly isReleased: boolean;
  /** A second call does nothing. */
  release(): void;
}

export interface WasmEngine {
  /** Resolves when parsers can be made. */
  start(): Promise<void>;
  /**
   * Compiles in the caller's turn: 1 to 40 ms, since V8 compiles functions when they are first run. The asynchronous way is not
   * taken because the first asynchronous compile after a parse with a very large grammar (Julia) waits for V8's optimising compile
   * of that grammar's lexer: measured 9 to 15 s on a busy machine, 5 to 8 s on an idle one, whatever the module and its size.
   */
  loadGrammar(bytes: Uint8Array): WasmLanguage;
  createParser(language: WasmLanguage): Parser;
  compileQuery(language: WasmLanguage, source: string): Query;
  own(tree: Tree): OwnedTree;
  /** Trees that have an owner: a leak shows here first. */
  liveTrees(): number;
}

/** The global of that name, which no type library in use here describes. */
declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => object };

export function createWasmEngine(log: Log): WasmEngine {
  let live = 0;
  let started: Promise<void> | undefined;
  return {
    start() {
      // The runtime prints to the console by default, and stdout belongs to the protocol.
      const print = (line: string): void => log.warn({ line }, "the parser's runtime printed a line");
      started ??= Parser.init({ print, printErr: print });
      return started;
    },
    loadGrammar: (bytes) => WasmLanguage.loadSync(new WebAssembly.Module(bytes)),
    createParser: (language) => new Parser().setLanguage(language),
    compileQuery: (language, source) => new Query(language, source),
    own(tree) {
      let isReleased = false;
      live += 1;
      return {
        tree,
        get isReleased() {
          return isReleased;
        },
        release() {
          if (isReleased) return;
          isReleased = true;
          live -= 1;
          tree.delete();
        },
      };
    },
    liveTrees: () => live,
  };
}
