import type { Command } from "commander";

/** Adds a command with the options that all have, and examples below its help. */
export type MakeCommand = (usage: string, description: string, examples: readonly string[]) => Command;
