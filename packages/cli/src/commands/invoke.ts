import { readJsonInput } from "../json-input.ts";
import type { Terminal } from "../output/terminal.ts";
import { openTarget, type TargetOptions } from "./deployment-target.ts";
import { untilInterrupted } from "./until-interrupted.ts";

export interface InvokeOptions extends TargetOptions {
  readonly input?: string;
}

/** Prints the answer as it comes; with `--json`, as one document: its JSON, or its text. */
export async function invoke({ input, ...target }: InvokeOptions, terminal: Terminal): Promise<void> {
  const request = input === undefined ? {} : await readJsonInput(input);
  const deployment = await openTarget(target);
  let text = "";
  for await (const chunk of deployment.invoke(request, { signal: untilInterrupted() })) {
    if (terminal.json) text += chunk;
    else process.stdout.write(chunk);
    if (!terminal.json) text = chunk;
  }
  if (terminal.json) terminal.writeJson(parsed(text));
  else if (!text.endsWith("\n")) process.stdout.write("\n");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A stream's items need not be JSON together.
    return text;
  }
}
