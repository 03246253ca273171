import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasNginx, startNginx } from "./support/nginx.ts";
import { machine, runProgram } from "./support/peer-process.ts";
import { digests, readTree, temporaryDirectory } from "./support/temp.ts";
import { pointer, random } from "./support/transfer.ts";

describe.skipIf(!hasNginx)("nginx over TLS", () => {
  const prepared = async () => {
    const dir = await temporaryDirectory();
    const www = join(dir, "www");
    await mkdir(www);
    const contents: Record<string, Buffer> = { large: random(60_000_000), small: random(500) };
    for (const [name, content] of Object.entries(contents)) await writeFile(join(www, name), content);
    const { url, authority } = await startNginx(dir, www);
    const pointers = Object.entries(contents).map(([name, content]) =>
      pointer(name, `${url}/${name}`, content),
    );
    return { dir, contents, authority, env: await machine(dir, { pointers, models: null }) };
  };

  test("is read range by range, over connections that are kept", async () => {
    const { dir, contents, authority, env } = await prepared();
    const trusting = { ...env, NODE_EXTRA_CA_CERTS: authority };
    const { code } = await runProgram([join(dir, "target")], trusting);
    expect(code).toBe(0);
    expect(digests(await readTree(join(dir, "target")))).toEqual(digests(contents));
    const log = await readFile(join(dir, "access.log"), "utf8");
    expect(log.match(/" 206 /g)!.length).toBe(4 + 1);
  });

  test("is refused when its certificate is nobody's", async () => {
    const { dir, env } = await prepared();
    const { code, stderr } = await runProgram([join(dir, "target")], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/SOURCE_UNREACHABLE.*localhost:\d+ shows a certificate.*NODE_EXTRA_CA_CERTS/);
  });
});
