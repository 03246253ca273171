import { ChainsError } from "@truss-chains/errors";
import type { FileMigration } from "../migrate/migration.ts";
import { findTargets, planMigration } from "../migrate/plan.ts";
import { colorDiff, diffOf } from "../migrate/render-diff.ts";
import { writeMigration } from "../migrate/write-migration.ts";
import { renderProblems } from "../output/render-problems.ts";
import { shortPath } from "../output/short-path.ts";
import type { Terminal } from "../output/terminal.ts";
import { confirming } from "./confirming.ts";

export interface MigrateOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Shows what would change, asks, and then writes. All files are planned first: a broken one stops before any write. */
export async function migrate(
  target: string,
  { yes, dryRun }: MigrateOptions,
  terminal: Terminal,
): Promise<void> {
  const plans = await Promise.all((await findTargets(target)).map(planMigration));
  for (const plan of plans) await show(plan, terminal);
  const changes = plans.filter(({ before, after }) => before !== after);
  const backups = new Map<string, string>();
  if (changes.length > 0 && dryRun !== true && (await confirmed(changes.length, yes === true, terminal))) {
    try {
      for (const change of changes) backups.set(change.file, await writeMigration(change));
    } finally {
      // Also of those that were written before one could not be.
      tellDone(backups, terminal);
    }
  }
  if (terminal.json) terminal.writeJson({ files: plans.map((plan) => report(plan, backups.get(plan.file))) });
}

async function show(plan: FileMigration, terminal: Terminal): Promise<void> {
  if (terminal.json) return;
  const { bold, yellow, dim } = terminal.style;
  terminal.note(bold(shortPath(plan.file)));
  if (plan.warnings.length > 0) terminal.error(`${await renderProblems(plan.warnings, terminal)}\n`);
  for (const { file, line, text, advice } of plan.lines) {
    terminal.error(`${yellow("▲")} ${shortPath(file)}:${line}  ${dim(text)}\n  ${advice}`);
  }
  if (plan.before === plan.after) terminal.note(`${yellow("–")} ${plan.reason ?? "Nothing to migrate."}\n`);
  else terminal.result(`${colorDiff(diffOf(plan), terminal.resultStyle)}\n`);
}

const NOTHING_WRITTEN = "Nothing was written.";

async function confirmed(count: number, yes: boolean, terminal: Terminal): Promise<boolean> {
  if (yes) return true;
  if (!terminal.interactive) {
    throw new ChainsError("USAGE", "Nothing was written: there is no terminal to ask on.", {
      fix: "Add --yes to apply these changes, or --dry-run to only look at them.",
    });
  }
  const message = `Apply ${count === 1 ? "this change" : `these changes to ${count} files`}?`;
  if (await confirming(message, NOTHING_WRITTEN)) return true;
  terminal.note(NOTHING_WRITTEN);
  return false;
}

function tellDone(backups: ReadonlyMap<string, string>, terminal: Terminal): void {
  const { green, dim } = terminal.style;
  for (const [file, backup] of backups) {
    terminal.note(`${green("✔")} ${shortPath(file)} ${dim(`(the original is ${shortPath(backup)})`)}`);
  }
}

function report(plan: FileMigration, backup: string | undefined) {
  const changed = plan.before !== plan.after;
  return {
    file: plan.file,
    changed,
    written: backup !== undefined,
    ...(plan.reason !== undefined && { reason: plan.reason }),
    ...(changed && { diff: diffOf(plan) }),
    ...(backup !== undefined && { backup }),
    warnings: plan.warnings,
    lines: plan.lines,
  };
}
