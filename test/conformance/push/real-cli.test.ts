import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { push } from "@truss-chains/baseten";
import { type FieldNode, parse, print, valueFromASTUntyped, visit } from "graphql";
import { describe, expect, it } from "vitest";
import type { Recorded } from "../../baseten/fake/fake-baseten.ts";
import { Scene, SMALL_CHAIN } from "../../baseten/scene.ts";
import { truss, trussPython } from "./truss-cli.ts";

const PYTHON_CHAIN = fileURLToPath(new URL("./fixtures/my_chain.py", import.meta.url));

// Starting the real CLI takes seconds.
describe.skipIf(!trussPython)(
  "the real truss CLI and ours (needs CHAINS_TRUSS_PYTHON)",
  { timeout: 300_000 },
  () => {
    it("deploys a Python chain at the fake, so the fake is as the CLI expects Baseten to be", async () => {
      await using scene = await Scene.set({});
      const { code, output } = await truss(["chains", "push", PYTHON_CHAIN, "--non-interactive"], scene.home);
      expect(output).toContain("succeeded");
      expect(code).toBe(0);
      const [deployment] = scene.fake.platform.deployments;
      expect(deployment!.chain.name).toBe("Sums");
      expect(deployment!.chainlets.map(({ name }) => name)).toEqual(["Sum", "Add"]);
      expect(list(scene.fake.archive(deployment!.chainlets[0]!.s3Key))).toContain("model/model.py");
    });

    it("uploads large archives in parts, signed as S3 wants it", async () => {
      await using scene = await Scene.set({ "data.bin": Buffer.alloc(20_000_000, 7) });
      await writeFile(join(scene.project, "my_chain.py"), PYTHON_SOURCE);
      const { output } = await truss(
        ["chains", "push", join(scene.project, "my_chain.py"), "--non-interactive"],
        scene.home,
      );
      expect(output).toContain("succeeded");
      // Once in the chainlet's archive, and once in that of the source.
      const parts = scene.fake.s3.calls.filter(({ query }) => query.has("partNumber"));
      expect(parts).toHaveLength(2 * 3);
    });

    it("send the same operations, and the same deployment but for names, keys and configs", async () => {
      await using theirs = await Scene.set({});
      await using ours = await Scene.set({ "chain.ts": SMALL_CHAIN });
      theirs.fake.platform.lifeOf = () => ["MODEL_READY"];
      await truss(["chains", "push", PYTHON_CHAIN, "--non-interactive"], theirs.home);
      await push(ours.source, ours.options());
      // The real CLI looks for each model by its new name, in vain; nothing follows from it.
      const kinds = (scene: Scene) => new Set(scene.fake.operations.filter((name) => name !== "models"));
      expect(kinds(ours)).toEqual(kinds(theirs));
      expect(deployArguments(ours.fake.requests)).toEqual(deployArguments(theirs.fake.requests));
      for (const operation of [
        "teams",
        "model_s3_upload_credentials",
        "chain_s3_upload_credentials",
        "chain_deployment",
        "chains",
        "truss_validation",
      ])
        expect(shape(ours.fake.requests, operation)).toBe(shape(theirs.fake.requests, operation));
      const headers = (scene: Scene) =>
        new Set(scene.fake.requests.map(({ authorization }) => authorization));
      expect(headers(ours)).toEqual(new Set([`Api-Key ${ours.fake.apiKey}`]));
      expect(headers(theirs)).toEqual(new Set([`Api-Key ${theirs.fake.apiKey}`]));
    });

    it.each([
      ["an existing chain that is promoted", ["--promote"]],
      [
        "a name, a team, a deployment name and no download",
        ["--name", "Other", "--deployment-name", "v1", "--disable-chain-download", "--team", "Main"],
      ],
      ["a development deployment", ["--no-publish"]],
    ])("send the same for %s", async (_, flags) => {
      await using theirs = await Scene.set({});
      await using ours = await Scene.set({ "chain.ts": SMALL_CHAIN });
      theirs.fake.platform.lifeOf = () => ["MODEL_READY"];
      const base = ["chains", "push", PYTHON_CHAIN, "--non-interactive"];
      await truss(base, theirs.home);
      await push(ours.source, ours.options());
      await truss([...base, ...flags], theirs.home);
      await push(ours.source, ours.options(optionsFor(flags)));
      expect(deployArguments(ours.fake.requests)).toEqual(deployArguments(theirs.fake.requests));
    });

    it("read the same accounts from what ours writes", async () => {
      const home = await mkdtemp(join(tmpdir(), "accounts-"));
      try {
        const { saveAccount } = await import("@truss-chains/baseten");
        await saveAccount({ apiKey: "a%b.c", remoteUrl: "https://app.baseten.co" }, { HOME: home });
        await saveAccount({ name: "other", apiKey: "d" }, { HOME: home });
        const script =
          "import json; from truss.remote.remote_factory import RemoteFactory as F; print(json.dumps({n: F.load_remote_config(n).configs for n in F.get_available_config_names()}))";
        const env = {
          PATH: process.env.PATH,
          HOME: home,
          USER_TRUSSRC_PATH: join(home, ".trussrc"),
          BASETEN_TRUSS_AUTH_KEYRING_DISABLED: "1",
        };
        const read = JSON.parse(execFileSync(trussPython!, ["-c", script], { encoding: "utf8", env }));
        const section = {
          remote_provider: "baseten",
          remote_url: "https://app.baseten.co",
          auth_type: "api_key",
        };
        expect(read).toEqual({
          baseten: { ...section, api_key: "a%b.c" },
          other: { ...section, api_key: "d" },
        });
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    });
  },
);

const PYTHON_SOURCE = `
import truss_chains as chains

@chains.mark_entrypoint
class Echo(chains.ChainletBase):
    def run_remote(self, text: str) -> str:
        return text
`;

function optionsFor(flags: readonly string[]): Record<string, unknown> {
  const value = (flag: string) => flags[flags.indexOf(flag) + 1];
  const has = (flag: string) => flags.includes(flag);
  return {
    ...(has("--promote") && { promote: true }),
    ...(has("--environment") && { environment: value("--environment") }),
    ...(has("--name") && { name: value("--name") }),
    ...(has("--deployment-name") && { deploymentName: value("--deployment-name") }),
    ...(has("--disable-chain-download") && { disableChainDownload: true }),
    ...(has("--team") && { team: value("--team") }),
    ...(has("--no-publish") && { draft: true }),
  };
}

function list(archive: Buffer): string[] {
  return execFileSync("tar", ["-tf", "-"], { input: archive, encoding: "utf8" }).split("\n");
}

/** The arguments of the last deployment, with what is random or another language's masked. */
function deployArguments(requests: readonly Recorded[]): unknown {
  const text = String(requests.findLast(({ operation }) => operation === "deploy_chain_atomic")!.body.query);
  const [definition] = parse(text).definitions;
  if (definition?.kind !== "OperationDefinition") throw new TypeError("There is no operation.");
  const field = definition.selectionSet.selections[0] as FieldNode;
  const args = Object.fromEntries(
    (field.arguments ?? []).map(({ name, value }) => [
      name.value,
      valueFromASTUntyped(value, { trussUserEnv: "$" }),
    ]),
  );
  return JSON.parse(JSON.stringify(args), (key, value) => {
    if (key === "model_name") return value.replace(/[0-9a-f]{8}$/, "########");
    if (["s3_key", "original_source_artifact_s3_key"].includes(key))
      return value.replace(/[0-9a-f-]{36}/, "KEY");
    return ["encoded_config_str", "chain_id", "truss_user_env"].includes(key) ? typeof value : value;
  });
}

/** An operation as text, its literals masked. */
function shape(requests: readonly Recorded[], operation: string): string {
  const text = String(requests.findLast((request) => request.operation === operation)!.body.query);
  const masked = visit(parse(text), {
    StringValue: (node) => ({ ...node, value: "…", block: false }),
    // An operation's own name says nothing to the other side.
    OperationDefinition: ({ name: _, ...node }) => node as typeof node & { name: undefined },
  });
  return print(masked);
}
