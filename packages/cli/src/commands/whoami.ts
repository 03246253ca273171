import { openBaseten, resolveAccount, whoAmI } from "@truss-chains/baseten";
import type { Terminal } from "../output/terminal.ts";
import { choosing } from "./choose.ts";

export async function whoami({ remote }: { readonly remote?: string }, terminal: Terminal): Promise<void> {
  const account = await resolveAccount({ remote, choose: choosing(terminal) });
  const { workspace, email } = await whoAmI(openBaseten(account));
  const { name, remoteUrl, team } = account;
  if (terminal.json) terminal.writeJson({ name, remoteUrl, workspace, email, team: team ?? null });
  else terminal.result(`${email} in ${workspace} (${name}, ${remoteUrl})`);
}
