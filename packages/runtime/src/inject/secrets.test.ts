import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mountedSecrets, secretsOf } from "./secrets.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "secrets-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe("a chainlet's secrets", () => {
  const values: Record<string, string> = { token: "s3cr3t-value", empty: "", placeholder: "***", other: "o" };
  const secrets = secretsOf("Search", ["token", "empty", "placeholder"], (name) => values[name]);

  test("are read by name", () => {
    expect(secrets.token).toBe("s3cr3t-value");
    expect("token" in secrets).toBe(true);
    expect("other" in secrets).toBe(false);
  });

  test("refuse a name that the chainlet does not declare, and say which it does", () => {
    expect(() => secrets.other).toThrow(
      expect.objectContaining({
        code: "SECRET_NOT_FOUND",
        message: 'Search does not declare a secret named "other". It may read token, empty, placeholder.',
      }),
    );
  });

  test.each(["empty", "placeholder"])("refuse the name %s, which has no value", (name) => {
    expect(() => secrets[name]).toThrow(expect.objectContaining({ code: "SECRET_NOT_FOUND" }));
  });

  test("never show a value when printed, serialised, listed or copied", () => {
    const shown = [
      inspect(secrets),
      JSON.stringify({ secrets }),
      String(Object.entries(secrets)),
      inspect({ ...secrets }),
    ];
    for (const text of shown) expect(text).not.toContain("s3cr3t");
    expect(inspect(secrets)).toBe("Secrets { token: [hidden], empty: [hidden], placeholder: [hidden] }");
  });

  test("can be awaited by accident", async () => {
    expect(await secrets).toBe(secrets);
  });
});

describe("mounted secrets", () => {
  test("are the raw content of their file", async () => {
    await writeFile(join(dir, "token"), "from file\n");
    expect(mountedSecrets(dir, { TRUSS_SECRET_token: "from environment" }, new Set())("token")).toBe(
      "from file\n",
    );
  });

  test("come from the environment when there is no file", () => {
    expect(mountedSecrets(dir, { TRUSS_SECRET_token: "from environment" }, new Set())("token")).toBe(
      "from environment",
    );
    expect(mountedSecrets(join(dir, "missing"), {}, new Set())("token")).toBeUndefined();
  });

  test("are read again after they were rotated", async () => {
    const lookup = mountedSecrets(dir, {}, new Set());
    await writeFile(join(dir, "token"), "old");
    expect(lookup("token")).toBe("old");
    await writeFile(join(dir, "token"), "new");
    expect(lookup("token")).toBe("new");
  });

  test("never leave their directory", async () => {
    const lookup = mountedSecrets(join(dir, "secrets"), {}, new Set());
    await writeFile(join(dir, "outside"), "x");
    expect(lookup("../outside")).toBeUndefined();
  });
});
