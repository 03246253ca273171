import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import { IniFile } from "../accounts/ini.ts";

/** What `~/.aws/config` says about S3. */
export interface S3Settings {
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly forcePathStyle: boolean;
}

/**
 * Reads the default profile: `endpoint_url`, that of its `services` section for S3, `region`, `addressing_style`.
 * Variables named `AWS_…` have no effect on an upload, as with the real CLI: they are about the user's own buckets.
 */
export async function readS3Settings(env: Readonly<Record<string, string | undefined>>): Promise<S3Settings> {
  const path = join(env.HOME ?? homedir(), ".aws", "config");
  const text = await readFile(path, "utf8").catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return "";
    throw new ChainsError("FILE_NOT_READABLE", `${path} cannot be read: ${thrown.code ?? thrown.message}.`, {
      fix: "Make it a file that you may read, or remove it.",
      location: { file: path },
      cause: thrown,
    });
  });
  const file = new IniFile(text, path);
  const profile = file.section("default") ?? {};
  const services = profile.services === undefined ? undefined : file.section(`services ${profile.services}`);
  const own = nested(profile.s3);
  return {
    endpoint: nested(services?.s3).endpoint_url ?? profile.endpoint_url,
    region: profile.region,
    forcePathStyle: own.addressing_style === "path",
  };
}

// A value of indented `key = value` lines.
function nested(text: string | undefined): Record<string, string> {
  const pairs = (text ?? "").split("\n").map((line) => /^(\w+)\s*=\s*(.*)$/.exec(line.trim()));
  return Object.fromEntries(pairs.filter((pair) => pair !== null).map(([, key, value]) => [key!, value!]));
}
