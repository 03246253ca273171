import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where pushes keep what they have achieved so far. It may be lost without harm. */
export function pushesDirectory(env: Environment): string {
  const state = env.XDG_STATE_HOME || join(env.HOME ?? homedir(), ".local", "state");
  return join(state, "truss-chains", "pushes");
}
