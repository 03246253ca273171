import { accountToSave, openBaseten, saveAccount, whoAmI } from "@truss-chains/baseten";
import { ChainsError } from "@truss-chains/errors";
import type { Terminal } from "../output/terminal.ts";

export interface LoginOptions {
  readonly name: string;
  readonly remoteUrl?: string;
  readonly restUrl?: string;
}

const BASETEN = "https://app.baseten.co";

/** Asks for a key, tries it, and keeps it only when it is accepted. */
export async function login({ name, remoteUrl, restUrl }: LoginOptions, terminal: Terminal): Promise<void> {
  const apiKey = (await readKey(remoteUrl ?? BASETEN, terminal)).trim();
  if (apiKey === "") throw noKey("The key is empty.");
  const saved = { name, apiKey, remoteUrl, restUrl };
  const { workspace, email } = await whoAmI(openBaseten(await accountToSave(saved)));
  const file = await saveAccount(saved);
  if (terminal.json) terminal.writeJson({ name, workspace, email, file });
  else terminal.result(`Logged in to ${workspace} as ${email}; the key is in ${file}.`);
}

async function readKey(remoteUrl: string, terminal: Terminal): Promise<string> {
  if (terminal.interactive) {
    const { isCancel, password } = await import("@clack/prompts");
    const answer = await password({
      message: `API key (${remoteUrl}/settings/api_keys)`,
      output: process.stderr,
    });
    if (isCancel(answer)) throw new ChainsError("INTERRUPTED", "Nothing was kept.");
    return answer;
  }
  if (process.stdin.isTTY) {
    throw noKey("There is no key to keep.");
  }
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  return text;
}

function noKey(message: string): ChainsError {
  return new ChainsError("USAGE", message, { fix: "Pipe it: echo $KEY | chains login." });
}
