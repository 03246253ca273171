import { readFile } from "node:fs/promises";
import { ChainsError } from "@truss-chains/errors";

/**
 * The value of an `--input`: JSON, `@FILE`, or `-` for standard input.
 *
 * @throws ChainsError `FILE_NOT_FOUND`, `INPUT_NOT_JSON`.
 */
export async function readJsonInput(input: string): Promise<unknown> {
  const where =
    input === "-" ? "Standard input" : input.startsWith("@") ? `The file ${input.slice(1)}` : "The --input";
  return parseJson(await readInput(input), where);
}

/** @throws ChainsError `INPUT_NOT_JSON`. */
export function parseJson(text: string, where: string): unknown {
  try {
    // Editors and shells of Windows begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (thrown) {
    throw new ChainsError("INPUT_NOT_JSON", `${where} is not JSON: ${(thrown as Error).message}.`, {
      fix: `Give a JSON object, such as --input '{"maxValue": 3}'.`,
    });
  }
}

/**
 * The text that an `--input` names.
 *
 * @throws ChainsError `FILE_NOT_FOUND`.
 */
export async function readInput(input: string): Promise<string> {
  if (input === "-") {
    let text = "";
    for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
    return text;
  }
  if (!input.startsWith("@")) return input;
  const file = input.slice(1);
  return readFile(file, "utf8").catch((thrown: NodeJS.ErrnoException) => {
    throw new ChainsError(
      "FILE_NOT_FOUND",
      `The input file ${file} cannot be read: ${thrown.code ?? thrown.message}.`,
      {
        fix: "Name an existing file after @.",
        location: { file },
      },
    );
  });
}
