import { type InputOptions, type OutputOptions, rolldown } from "rolldown";

/** Bundles and writes one file. Names are kept: the class of an error is part of what goes over the wire. */
export async function bundleFile(input: InputOptions, output: OutputOptions): Promise<void> {
  const build = await rolldown({ ...input, platform: "node", logLevel: "warn" });
  try {
    await build.write({ ...MINIFIED, ...output });
  } finally {
    await build.close();
  }
}

const MINIFIED = { minify: true, keepNames: true, codeSplitting: false, comments: false } as const;
