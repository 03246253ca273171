import { MovingStep } from "./moving-step.ts";
import type { Terminal } from "./terminal.ts";

/** Work that takes a while, as the person sees it. */
export interface Step {
  update(message: string, done?: number): void;
  done(message: string): void;
  failed(): void;
}

/**
 * Shows a step: a moving bar or spinner on a terminal, a line when it starts and ends elsewhere, nothing under
 * `--quiet` and `--json`.
 *
 * @param total units of work, when they can be counted.
 */
export function startStep(terminal: Terminal, message: string, total?: number): Step {
  if (terminal.quiet || terminal.json) return SILENT;
  if (!process.stderr.isTTY) return lineStep(terminal, message);
  return new MovingStep(process.stderr, terminal.style, message, total);
}

const SILENT: Step = { update: () => {}, done: () => {}, failed: () => {} };

function lineStep(terminal: Terminal, message: string): Step {
  terminal.note(`${message} …`);
  return { update: () => {}, done: (text) => terminal.note(text), failed: () => {} };
}
