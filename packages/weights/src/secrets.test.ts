import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hubToken, secretObject } from "./secrets.ts";

async function secrets(files: Record<string, string> = {}) {
  const root = await mkdtemp(join(tmpdir(), "chains-secrets-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const dir = join(root, "secrets");
  await mkdir(dir);
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  return { root, dir };
}

test("a token is the secret's file, else the environment's", async () => {
  const { dir } = await secrets({ hf: " hf_file\n", empty: "\n" });
  const env = { HF_TOKEN: "hf_env", HUGGING_FACE_HUB_TOKEN: "hf_old" };
  expect(await hubToken("hf", { dir, env })).toBe("hf_file");
  expect(await hubToken("empty", { dir, env })).toBe("hf_env");
  expect(await hubToken("missing", { dir, env: { HUGGING_FACE_HUB_TOKEN: "hf_old" } })).toBe("hf_old");
  expect(await hubToken("missing", { dir, env: {} })).toBeUndefined();
});

test("a bucket's secret is the environment's first", async () => {
  const { dir } = await secrets({ aws: '{"region": "file"}' });
  expect(await secretObject("aws", { dir, env: { TRUSS_SECRET_aws: '{"region": "env"}' } })).toEqual({
    region: "env",
  });
  expect(await secretObject("aws", { dir, env: {} })).toEqual({ region: "file" });
});

test("mounted secrets may be links within their directory, and nowhere else", async () => {
  const { root, dir } = await secrets();
  await writeFile(join(root, "outside"), "hf_outside");
  await mkdir(join(dir, "..data"));
  await writeFile(join(dir, "..data", "hf"), "hf_inside");
  await symlink(join("..data", "hf"), join(dir, "hf"));
  await symlink(join(root, "outside"), join(dir, "bad"));
  expect(await hubToken("hf", { dir, env: {} })).toBe("hf_inside");
  expect(await hubToken("bad", { dir, env: {} })).toBeUndefined();
  expect(await hubToken("../outside", { dir, env: {} })).toBeUndefined();
});

test.each(["not json {secret", "[1]", '"secret"'])(
  "the secret %s is refused without being shown",
  async (content) => {
    const { dir } = await secrets({ aws: content });
    const error = await secretObject("aws", { dir, env: {} }).catch((reason) => reason);
    expect(error.code).toBe("WEIGHTS_CREDENTIALS_INVALID");
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain("secret {");
    expect(JSON.stringify(error)).not.toContain("{secret");
  },
);

test("a token that could smuggle a header in is refused", async () => {
  const { dir } = await secrets({ hf: "hf_a\r\nx: y" });
  await expect(hubToken("hf", { dir, env: {} })).rejects.toMatchObject({
    code: "WEIGHTS_CREDENTIALS_INVALID",
  });
});
