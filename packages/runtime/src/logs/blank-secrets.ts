import { redactor } from "@truss-chains/rpc";

interface Known {
  readonly size: number;
  readonly blank: (text: string) => string;
}

const known = new WeakMap<ReadonlySet<string>, Known>();

/**
 * A line of the log without the values of secrets, wherever and in whatever form they stand in it.
 *
 * @param secrets may grow from line to line
 */
export function blankSecrets(line: string, secrets: ReadonlySet<string>): string {
  let redaction = known.get(secrets);
  // To find out the forms of a secret costs more than to look for them.
  if (redaction?.size !== secrets.size) {
    redaction = { size: secrets.size, blank: redactor(secrets) };
    known.set(secrets, redaction);
  }
  return redaction.blank(line);
}
