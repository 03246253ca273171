import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accountNames, resolveAccount } from "./resolve-account.ts";
import { accountToSave, saveAccount } from "./save-account.ts";

let home: string;
let file: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "accounts-"));
  file = join(home, ".trussrc");
});
afterEach(() => rm(home, { recursive: true, force: true }));

const of = (text: string) => writeFile(file, text);

describe("the account", () => {
  it("is the only section there is", async () => {
    await of(
      "[work]\nremote_provider = baseten\nremote_url = https://app.baseten.co/\napi_key = abc\nteam = ml\n",
    );
    const account = await resolveAccount({ env: { HOME: home } });
    expect(account).toMatchObject({
      name: "work",
      remoteUrl: "https://app.baseten.co",
      restUrl: "https://api.baseten.co",
      team: "ml",
      includeGitInfo: false,
    });
    expect(account.apiKey.header).toBe("Api-Key abc");
  });

  it("has to be named when there are several", async () => {
    await of(
      "[a]\nremote_url = https://a.example\napi_key = 1\n[b]\nremote_url = https://b.example\napi_key = 2\n",
    );
    const env = { HOME: home };
    await expect(resolveAccount({ env })).rejects.toMatchObject({
      code: "USAGE",
      fix: "Choose one with --remote.",
    });
    expect((await resolveAccount({ env, remote: "b" })).apiKey.header).toBe("Api-Key 2");
    await expect(resolveAccount({ env, remote: "c" })).rejects.toMatchObject({ code: "ACCOUNT_MISSING" });
    expect(await accountNames(env)).toEqual(["a", "b"]);
  });

  it("is the environment's alone when both of its variables are set, as Bearer", async () => {
    await of("[a]\nremote_url = https://a.example\napi_key = 1\n");
    const env = {
      HOME: home,
      BASETEN_TRUSS_AUTH_REMOTE_URL: "http://localhost:8000",
      BASETEN_TRUSS_AUTH_API_KEY: "tok",
    };
    const account = await resolveAccount({ env });
    expect(account).toMatchObject({ name: "<environment>", restUrl: "http://api.localhost:8000" });
    expect(account.apiKey.header).toBe("Bearer tok");
    await expect(resolveAccount({ env, remote: "a" })).rejects.toMatchObject({ code: "ACCOUNT_INVALID" });
    await expect(
      resolveAccount({ env: { HOME: home, BASETEN_TRUSS_AUTH_API_KEY: "tok" } }),
    ).rejects.toMatchObject({ code: "ACCOUNT_INVALID" });
  });

  it("takes BASETEN_API_KEY where the file has no key, or does not exist", async () => {
    const env = { HOME: home, BASETEN_API_KEY: "fromenv" };
    expect((await resolveAccount({ env })).remoteUrl).toBe("https://app.baseten.co");
    await of("[a]\nremote_url = https://a.example\n");
    expect((await resolveAccount({ env })).apiKey.header).toBe("Api-Key fromenv");
    await of("[a]\nremote_url = https://a.example\napi_key = own\n");
    expect((await resolveAccount({ env })).apiKey.header).toBe("Api-Key own");
  });

  it("may have a REST base of its own, and percent signs are doubled as Python wants", async () => {
    await of("[a]\nremote_url = http://127.0.0.1:9\nrest_api_url = http://127.0.0.1:10/\napi_key = a%%b\n");
    const account = await resolveAccount({ env: { HOME: home } });
    expect([account.restUrl, account.apiKey.header]).toEqual(["http://127.0.0.1:10", "Api-Key a%b"]);
  });

  it.each(["app.baseten.co", "localhost:8000", "ftp://app.baseten.co"])(
    "is not sent to %s, which is no address of a service",
    async (url) => {
      const invalid = { code: "ACCOUNT_INVALID", fix: expect.stringContaining("https://app.baseten.co") };
      await of(`[a]\nremote_url = ${url}\napi_key = 1\n`);
      await expect(resolveAccount({ env: { HOME: home } })).rejects.toMatchObject(invalid);
      const env = { BASETEN_TRUSS_AUTH_REMOTE_URL: url, BASETEN_TRUSS_AUTH_API_KEY: "1" };
      await expect(resolveAccount({ env })).rejects.toMatchObject(invalid);
    },
  );

  it("has a key without the line break that a file of secrets ends with", async () => {
    const env = { HOME: home, BASETEN_API_KEY: "abc\n" };
    expect((await resolveAccount({ env })).apiKey.header).toBe("Api-Key abc");
  });

  it("with a key that cannot be one says so, without the key", async () => {
    const pair = {
      BASETEN_TRUSS_AUTH_REMOTE_URL: "https://a.example",
      BASETEN_TRUSS_AUTH_API_KEY: "s3 cr3t",
    };
    for (const env of [
      { HOME: home, BASETEN_API_KEY: "s3\ncr3t" },
      { HOME: home, BASETEN_API_KEY: "ключ" },
      pair,
    ]) {
      const error = await resolveAccount({ env }).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: "ACCOUNT_INVALID", fix: expect.stringContaining("copy it again") });
      expect(error.message).not.toMatch(/cr3t|ключ/);
    }
  });

  it("may not refer to what every object has", async () => {
    await of("[a]\nremote_url = %(constructor)s\napi_key = 1\n");
    await expect(resolveAccount({ env: { HOME: home } })).rejects.toMatchObject({ code: "ACCOUNT_INVALID" });
  });

  it("says what to do when there is none", async () => {
    await expect(resolveAccount({ env: { HOME: home } })).rejects.toMatchObject({
      code: "ACCOUNT_MISSING",
      fix: "Run chains login, or set BASETEN_API_KEY.",
    });
  });

  it("never prints its key", async () => {
    await of("[a]\nremote_url = https://a.example\napi_key = s3cr3t\n");
    const account = await resolveAccount({ env: { HOME: home } });
    for (const shown of [
      inspect(account, { depth: 9, showHidden: true }),
      JSON.stringify(account),
      `${account.apiKey}`,
    ])
      expect(shown).not.toContain("s3cr3t");
    expect(account.apiKey.redact("no s3cr3t here")).toBe("no *** here");
  });
});

describe("saving an account", () => {
  it("makes a file that only its owner can read, and that can be read again", async () => {
    await saveAccount({ apiKey: "abc%def" }, { HOME: home });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await resolveAccount({ env: { HOME: home } })).apiKey.header).toBe("Api-Key abc%def");
    expect(await readdir(home)).toEqual([".trussrc"]);
  });

  it("keeps the other accounts, the other keys and the comments", async () => {
    await of("# mine\n[a]\nremote_url = https://a.example\napi_key = 1\nteam = t\n[b]\napi_key = 2\n");
    await saveAccount({ name: "a", apiKey: "3" }, { HOME: home });
    const text = await readFile(file, "utf8");
    expect(text).toContain("# mine\n");
    expect(text).toContain("team = t\n");
    expect(text).toContain("[b]\napi_key = 2\n");
    expect((await resolveAccount({ env: { HOME: home }, remote: "a" })).remoteUrl).toBe("https://a.example");
  });

  it("refuses what is no key, and leaves the file alone", async () => {
    await of("[a]\napi_key = 1\n");
    await expect(saveAccount({ apiKey: "two words" }, { HOME: home })).rejects.toMatchObject({
      code: "ACCOUNT_INVALID",
    });
    expect(await readFile(file, "utf8")).toBe("[a]\napi_key = 1\n");
  });

  it("tells first where the key will be used: where the account was before", async () => {
    await of(
      "[DEFAULT]\nhost = b.example\n[a]\nremote_url = https://%(host)s\nrest_api_url = https://rest.example\n",
    );
    const env = { HOME: home };
    const kept = { remoteUrl: "https://b.example", restUrl: "https://rest.example" };
    expect(await accountToSave({ name: "a", apiKey: "1" }, env)).toMatchObject(kept);
    await saveAccount({ name: "a", apiKey: "1" }, env);
    expect(await resolveAccount({ env })).toMatchObject(kept);
    expect(await readFile(file, "utf8")).toContain("remote_url = https://%(host)s\n");
    const moved = { remoteUrl: "https://c.example/%7Ea", restUrl: "https://rest.example/%7Ea" };
    await saveAccount({ name: "a", apiKey: "1", ...moved }, env);
    expect(await resolveAccount({ env })).toMatchObject(moved);
  });

  it.each(["remoteUrl", "restUrl"])("refuses a %s that is none", async (name) => {
    await expect(
      saveAccount({ apiKey: "k", [name]: "localhost:8000" }, { HOME: home }),
    ).rejects.toMatchObject({
      code: "ACCOUNT_INVALID",
      message: expect.stringContaining("localhost:8000"),
    });
    expect(await readdir(home)).toEqual([]);
  });

  it("does not touch a file that is not UTF-8", async () => {
    const bytes = Buffer.from("# caf\xe9\n[a]\napi_key = 1\n", "latin1");
    await writeFile(file, bytes);
    await expect(saveAccount({ apiKey: "k" }, { HOME: home })).rejects.toMatchObject({
      code: "ACCOUNT_INVALID",
    });
    expect(await readFile(file)).toEqual(bytes);
  });

  it("does not touch a file that it cannot understand", async () => {
    await of("what is this");
    await expect(saveAccount({ apiKey: "k" }, { HOME: home })).rejects.toMatchObject({
      code: "ACCOUNT_INVALID",
    });
    expect(await readFile(file, "utf8")).toBe("what is this");
  });
});
