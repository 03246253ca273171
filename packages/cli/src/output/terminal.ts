import colors from "picocolors";

type Colors = ReturnType<typeof colors.createColors>;

/**
 * Where a command's words go. stdout holds the result and nothing else; all that is said on the way goes to stderr.
 * Colours and moving things appear only on a terminal, and never under NO_COLOR.
 */
export class Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Styles for stderr. */
  readonly style: Colors;
  /** Styles for results, which may go to a file while stderr is a terminal. */
  readonly resultStyle: Colors;
  /** Set by a command that found faults and reported them as its result. */
  failed = false;

  constructor(args: readonly string[]) {
    const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
    this.json = own.includes("--json");
    this.quiet = own.includes("--quiet") || own.includes("-q");
    this.verbose = own.includes("--verbose");
    this.style = colors.createColors(allowsColor(process.stderr));
    this.resultStyle = colors.createColors(allowsColor(process.stdout));
  }

  /** Whether things may move and questions may be asked. */
  get interactive(): boolean {
    return process.stderr.isTTY === true && process.stdin.isTTY === true && !this.json;
  }

  /** Characters that fit in a line of what is said; without a terminal there is no end. */
  get columns(): number {
    return process.stderr.isTTY === true
      ? process.stderr.columns || Number.POSITIVE_INFINITY
      : Number.POSITIVE_INFINITY;
  }

  /** The result for people. With `--json`, `writeJson` is used in its place. */
  result(text: string): void {
    if (!this.json) process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** The one JSON document of a command under `--json`. */
  writeJson(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** Something worth knowing on the way. */
  note(text: string): void {
    if (!this.quiet && !this.json) process.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    if (!this.json) process.stderr.write(`${this.style.yellow("warning")} ${text}\n`);
  }

  error(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}

function allowsColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0";
  return stream.isTTY === true && TERM !== "dumb";
}
