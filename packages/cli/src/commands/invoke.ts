import { readJsonInput } from "../json-input.ts";
import type { Terminal } from "../output/terminal.ts";
import { openTarget, type TargetOptions } from "./deployment-target.ts";
import { unlessInterrupted, untilInterrupted } from "./until-interrupted.ts";

export interface InvokeOptions extends TargetOptions {
  readonly input?: string;
}

/** Prints the answer as it comes; with `--json`, as one document: its JSON, its text, or the items of its stream. */
export async function invoke({ input, ...target }: InvokeOptions, terminal: Terminal): Promise<void> {
  const deployment = await openTarget(target, terminal);
  if (deployment.endpoint === "websocket") {
    const { talk } = await import("./invoke-socket.ts");
    return talk(deployment, input, terminal);
  }
  const request = input === undefined ? {} : await readJsonInput(input);
  const signal = untilInterrupted();
  const answer = deployment.invoke(request, { signal });
  const printing = terminal.json
    ? wholeAnswer(answer).then((whole) => terminal.writeJson(whole))
    : print(answer);
  await printing.catch((thrown) => unlessInterrupted(signal, "The call was stopped.", thrown));
}

async function print(answer: AsyncIterable<unknown>): Promise<void> {
  let endsLine = false;
  for await (const piece of answer) {
    const isRaw = typeof piece === "string" || piece instanceof Uint8Array;
    process.stdout.write(isRaw ? piece : `${JSON.stringify(piece)}\n`);
    endsLine = typeof piece !== "string" || piece.endsWith("\n");
  }
  if (!endsLine) process.stdout.write("\n");
}

async function wholeAnswer(answer: AsyncIterable<unknown>): Promise<unknown> {
  const pieces: unknown[] = [];
  for await (const piece of answer) pieces.push(piece);
  if (pieces.some((piece) => typeof piece !== "string"))
    return pieces.map((piece) =>
      piece instanceof Uint8Array ? Buffer.from(piece).toString("base64") : piece,
    );
  const text = pieces.join("");
  try {
    return JSON.parse(text);
  } catch {
    // Text need not be JSON.
    return text;
  }
}
