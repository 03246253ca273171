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
export async function startStep(terminal: Terminal, message: string, total?: number): Promise<Step> {
  if (terminal.quiet || terminal.json) return SILENT;
  if (!process.stderr.isTTY) return lineStep(terminal, message);
  const { progress, spinner } = await import("@clack/prompts");
  const output = process.stderr;
  if (total === undefined) {
    const moving = spinner({ output });
    moving.start(message);
    return {
      update: (text) => moving.message(text),
      done: (text) => moving.stop(text),
      failed: () => moving.error(message),
    };
  }
  const bar = progress({ output, max: total, style: "heavy" });
  bar.start(message);
  let reached = 0;
  return {
    update: (text, done = reached) => {
      bar.advance(done - reached, text);
      reached = done;
    },
    done: (text) => bar.stop(text),
    failed: () => bar.error(message),
  };
}

const SILENT: Step = { update: () => {}, done: () => {}, failed: () => {} };

function lineStep(terminal: Terminal, message: string): Step {
  terminal.note(`${message} …`);
  return { update: () => {}, done: (text) => terminal.note(text), failed: () => {} };
}
