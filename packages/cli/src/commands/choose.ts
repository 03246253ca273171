import type { Choose } from "@truss-chains/baseten";
import { ChainsError } from "@truss-chains/errors";
import type { Terminal } from "../output/terminal.ts";

/** What is moving on the terminal, and has to stand still while the person is asked. */
export interface Pausable {
  paused<T>(work: () => Promise<T>): Promise<T>;
}

const FLAGS = { account: "--remote", team: "--team", chain: "--chain" } as const;

/** Asks on a terminal, each question once; undefined where nobody can be asked. */
export function choosing(terminal: Terminal, view?: Pausable): Choose | undefined {
  if (!terminal.interactive) return undefined;
  const answers = new Map<string, string>();
  return async ({ what, message, options }) => {
    const earlier = answers.get(what);
    if (earlier !== undefined && options.includes(earlier)) return earlier;
    const ask = () => select(`${message} ${terminal.style.dim(`(${FLAGS[what]})`)}`, options);
    const answer = await (view ? view.paused(ask) : ask());
    answers.set(what, answer);
    return answer;
  };
}

async function select(message: string, names: readonly string[]): Promise<string> {
  const { isCancel, select: ask } = await import("@clack/prompts");
  const options = names.map((name) => ({ value: name, label: name }));
  const answer = await ask({ message, options, output: process.stderr });
  if (isCancel(answer)) throw new ChainsError("INTERRUPTED", "Nothing was chosen, and nothing was done.");
  return answer;
}
