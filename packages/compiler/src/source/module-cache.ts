import { readFile } from "node:fs/promises";
import { type Program, parseModule } from "./parse-module.ts";

/** A module with its syntax tree. */
export interface ParsedModule {
  readonly file: string;
  readonly code: string;
  readonly program: Program;
}

/** Reads and parses each module once. */
export class ModuleCache {
  readonly #modules = new Map<string, Promise<ParsedModule>>();

  /** @throws ChainsError `SOURCE_SYNTAX`. */
  read(file: string): Promise<ParsedModule> {
    let module = this.#modules.get(file);
    if (!module) {
      module = readFile(file, "utf8").then((code) => ({ file, code, program: parseModule(file, code) }));
      this.#modules.set(file, module);
    }
    return module;
  }
}
