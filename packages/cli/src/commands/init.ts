import { once } from "node:events";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import { shortPath } from "../output/short-path.ts";
import { startStep } from "../output/step.ts";
import type { Terminal } from "../output/terminal.ts";
import { projectFiles } from "../templates/project.ts";

export interface InitOptions {
  readonly yes?: boolean;
  readonly install: boolean;
}

const DEFAULT_DIRECTORY = "my-chain";

export async function init(dir: string | undefined, options: InitOptions, terminal: Terminal): Promise<void> {
  const asks = terminal.interactive && options.yes !== true;
  const chosen = dir ?? (asks ? await askDirectory() : DEFAULT_DIRECTORY);
  const directory = resolve(chosen);
  const files = projectFiles(packageName(directory));
  await assertNothingLost(directory, Object.keys(files));
  await writeProject(directory, files);
  if (options.install) await install(directory, terminal);
  if (terminal.json) {
    terminal.writeJson({ directory, files: Object.keys(files) });
    return;
  }
  const place = shortPath(directory);
  const steps = [
    ...(place === "." ? [] : [`cd ${place}`]),
    ...(options.install ? [] : ["npm install"]),
    "npm test",
    "npm run dev",
  ];
  terminal.result(`Made ${place}. Next:\n${steps.map((step) => `  ${step}`).join("\n")}`);
}

async function askDirectory(): Promise<string> {
  const { isCancel, text } = await import("@clack/prompts");
  const answer = await text({ message: "Where?", initialValue: DEFAULT_DIRECTORY, output: process.stderr });
  if (isCancel(answer)) throw new ChainsError("INTERRUPTED", "Nothing was made.");
  return answer;
}

function packageName(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+/, "");
  return name || DEFAULT_DIRECTORY;
}

async function assertNothingLost(directory: string, names: readonly string[]): Promise<void> {
  const existing = await readdir(directory).catch((thrown: NodeJS.ErrnoException): string[] => {
    if (thrown.code === "ENOENT") return [];
    const why = thrown.code === "ENOTDIR" ? "it is not a directory" : (thrown.code ?? thrown.message);
    throw new ChainsError("OUTPUT_INVALID", `${directory} cannot be used: ${why}.`, {
      fix: "Name a new directory.",
      location: { file: directory },
      cause: thrown,
    });
  });
  const taken = names.filter((name) => existing.includes(name));
  if (taken.length === 0) return;
  throw new ChainsError("OUTPUT_INVALID", `${directory} already has ${taken.join(", ")}.`, {
    fix: "Name a new directory, or move these files away.",
    location: { file: directory },
  });
}

async function writeProject(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  const made = await mkdir(directory, { recursive: true });
  try {
    // `wx`: a file that appeared in the meantime is not overwritten either.
    for (const [name, text] of Object.entries(files))
      await writeFile(join(directory, name), text, { flag: "wx" });
  } catch (thrown) {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw new ChainsError(
      "FILE_NOT_WRITABLE",
      `${directory} cannot be written: ${(thrown as Error).message}`,
      {
        fix: "Check the permissions, or name another directory.",
        location: { file: directory },
        cause: thrown,
      },
    );
  }
}

async function install(directory: string, terminal: Terminal): Promise<void> {
  const { spawn } = await import("node:child_process");
  const step = startStep(terminal, "Installing packages");
  const npm = spawn("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: directory,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  const failed = (how: string, cause?: unknown): ChainsError => {
    step.failed();
    return new ChainsError("INSTALL_FAILED", `npm install ${how}.`, {
      fix: `The project is in ${directory}. Run npm install there to see more.`,
      ...(cause !== undefined && { cause }),
    });
  };
  const [code, signal] = await once(npm, "exit").catch((thrown: NodeJS.ErrnoException) => {
    throw failed(
      `could not be started: ${thrown.code === "ENOENT" ? "there is no npm" : thrown.message}`,
      thrown,
    );
  });
  if (code !== 0) throw failed(code === null ? `was ended by ${signal}` : `failed with exit code ${code}`);
  step.done("Installed packages");
}
