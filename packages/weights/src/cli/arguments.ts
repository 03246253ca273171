/** What the command line asks for. The real tool has no flags and ignores all arguments but the first. */
export interface CliArguments {
  readonly dir: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

export function readArguments(args: readonly string[]): CliArguments {
  return {
    // What looks like an option is never meant as a directory.
    dir: args.find((arg) => !arg.startsWith("-")),
    json: args.includes("--json"),
    help: args.includes("--help") || args.includes("-h"),
  };
}

export const HELP = `Usage: truss-transfer-cli [DIR] [--json]

Fetches everything that the weights manifests name, then exits: 0 when all is in place and verified, 1 otherwise.
Manifests: /bptr/bptr-manifest, /bptr/bptr-manifest.json, /static-bptr/static-bptr-manifest.json.

  DIR      where relative file names land (default: TRUSS_TRANSFER_DOWNLOAD_DIR, else /tmp/truss_transfer)
  --json   events as lines of JSON on stdout

Examples:
  truss-transfer-cli && exec my-server --model /app/model_cache/my-model
  CHAINS_WEIGHTS_ROOT=./weights truss-transfer-cli ./weights
`;
