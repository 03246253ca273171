import { execFileSync } from "node:child_process";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Choice,
  openDeployment,
  type PushEvent,
  planPush,
  previewPush,
  push,
} from "@truss-chains/baseten";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chains } from "../support/cli.ts";
import { Scene, SMALL_CHAIN } from "./scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.set({ "chain.ts": SMALL_CHAIN });
});
afterEach(() => scene[Symbol.asyncDispose]());

const platform = () => scene.fake.platform;
const isPacked = (event: PushEvent) =>
  event.type === "step" && event.step === "pack" && event.state === "done";
const withSecret = SMALL_CHAIN.replace(
  "@Chainlet()\nexport class Add",
  '@Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ secretKeys: ["db_password"] }) }) })\nexport class Add',
).replace("import { Chainlet,", "import { Assets, RemoteConfig, Chainlet,");

const WITH_TRUSS = `
import { Chainlet, ChainletBase, TrussChainlet, depends, endpoint, markEntrypoint, type Remote } from "truss-chains";
import { z } from "zod";
@Chainlet()
export class Model extends TrussChainlet({ trussDir: "./truss", input: z.object({}), output: z.string() }) {}
@markEntrypoint()
@Chainlet()
export class Main extends ChainletBase {
  constructor(@depends(Model) private readonly model: Remote<Model>) { super(); }
  @endpoint({})
  async runRemote(): Promise<void> { await this.model.runRemote({}); }
}
`;

function serving(image: string): string {
  return `
import { Chainlet, ChainletBase, DockerServerChainlet, depends, endpoint, markEntrypoint, type Remote } from "truss-chains";
@Chainlet()
export class Server extends DockerServerChainlet({
  image: "${image}", startCommand: "serve", serverPort: 8000,
  predictEndpoint: "/p", readinessEndpoint: "/r", livenessEndpoint: "/l",
}) {}
@markEntrypoint()
@Chainlet()
export class Main extends ChainletBase {
  constructor(@depends(Server) private readonly server: Remote<Server>) { super(); }
  @endpoint({})
  async runRemote(): Promise<void> { await this.server.runRemote({}); }
}
`;
}

describe("where a push goes", () => {
  it("makes a first deployment production, later ones are deployments of the same chain", async () => {
    await push(scene.source, scene.options({ promote: true }));
    const second = await push(scene.source, scene.options());
    expect(platform().chains).toHaveLength(1);
    const [chain] = platform().chains;
    expect(chain!.environments.get("production")).toBe(chain!.deployments[0]!.id);
    expect(chain!.deployments[1]!.id).toBe(second.deploymentId);
  });

  it("promotes a later one, and its address is that of the environment", async () => {
    await push(scene.source, scene.options());
    const deployment = await push(scene.source, scene.options({ promote: true }));
    const [chain] = platform().chains;
    expect(chain!.environments.get("production")).toBe(deployment.deploymentId);
    expect(deployment.url).toBe(`${chain!.hostname}/environments/production/run_remote`);
  });

  it("refuses another environment for a new chain before anything is uploaded", async () => {
    await expect(push(scene.source, scene.options({ environment: "staging" }))).rejects.toMatchObject({
      code: "DEPLOY_REJECTED",
      message: "Sums was never deployed, so it has no environment staging yet.",
    });
    expect(scene.fake.s3.calls).toHaveLength(0);
  });

  it("says that an environment has to be made first", async () => {
    await push(scene.source, scene.options());
    await expect(push(scene.source, scene.options({ environment: "staging" }))).rejects.toMatchObject({
      code: "ENVIRONMENT_NOT_FOUND",
      fix: "It has production. Create it in the chain's settings at Baseten, or correct its name.",
    });
    expect(scene.events.filter(isPacked)).toHaveLength(1);
    platform().chains[0]!.environments.set("staging", undefined);
    await push(scene.source, scene.options({ environment: "staging" }));
    expect(platform().chains[0]!.environments.get("staging")).toBe(platform().deployments[1]!.id);
  });

  it("makes a development deployment by name, of a new chain and of an old one", async () => {
    const first = await push(scene.source, scene.options({ draft: true }));
    await push(scene.source, scene.options({ draft: true }));
    expect(platform().chains).toHaveLength(1);
    expect(platform().deployments.map(({ isDraft }) => isDraft)).toEqual([true, true]);
    expect(first.url).toMatch(/\/development\/run_remote$/);
  });

  it("carries the name, the deployment's name, the team and the download's end", async () => {
    platform().teams.push({ id: "team2", name: "Research", default: false });
    const options = { name: "Other", deploymentName: "v1.2", team: "Research", disableChainDownload: true };
    await push(scene.source, scene.options(options));
    expect(platform().deployments[0]).toMatchObject({
      name: "v1.2",
      allowDownload: false,
      chain: { name: "Other", team: { id: "team2" } },
    });
  });

  it("asks for a team only where it cannot tell", async () => {
    platform().teams.push({ id: "team2", name: "Research", default: false });
    await expect(push(scene.source, scene.options())).rejects.toMatchObject({
      code: "USAGE",
      message: "The chain Sums is new, and there are several teams: Main, Research.",
    });
    await push(scene.source, scene.options({ team: "Research" }));
    await push(scene.source, scene.options());
    expect(platform().chains).toHaveLength(1);
    await expect(push(scene.source, scene.options({ team: "Nobody" }))).rejects.toMatchObject({
      code: "TEAM_UNKNOWN",
    });
  });

  it("asks the person, who can be asked, which account and team: the default first", async () => {
    platform().teams.push({ id: "team2", name: "research", default: false });
    platform().teams.unshift({ id: "team3", name: "Art", default: false });
    const trussrc = join(scene.home, ".trussrc");
    await appendFile(trussrc, (await readFile(trussrc, "utf8")).replace("[fake]", "[other]"));
    const asked: Choice[] = [];
    const choose = async (choice: Choice) => {
      asked.push(choice);
      return choice.options[1]!;
    };
    await expect(push(scene.source, scene.options())).rejects.toMatchObject({
      code: "USAGE",
      message: "There are several accounts: fake, other.",
      fix: "Choose one with --remote.",
    });
    await push(scene.source, scene.options({ choose }));
    expect(asked.map(({ what, options }) => [what, options])).toEqual([
      ["account", ["fake", "other"]],
      ["team", ["Main", "Art", "research"]],
    ]);
    expect(platform().chains[0]!.team.name).toBe("Art");
  });

  it("tells the commit only when it is asked to", async () => {
    const git = (...args: string[]) => execFileSync("git", args, { cwd: scene.project, stdio: "ignore" });
    git("init", "-q");
    git("add", "chain.ts");
    git("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", "first");
    await push(scene.source, scene.options());
    await push(scene.source, scene.options({ includeGitInfo: true }));
    const [without, with_] = platform().deployments.map(({ userEnvironment }) => userEnvironment);
    expect(without).toMatchObject({ truss_client_version: "0.18.25", git_info: null });
    expect(with_!.git_info).toMatchObject({
      latest_commit_sha: expect.stringMatching(/^[0-9a-f]{40}$/),
      has_uncommitted_changes: true,
    });
  });
});

describe("before anything is uploaded, a push", () => {
  afterEach(() => expect(scene.fake.s3.calls).toHaveLength(0));

  it("names each secret that the account lacks, and where it is asked for", async () => {
    await scene.write({ "chain.ts": withSecret });
    const error = await push(scene.source, scene.options()).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: "PUSH_IMPOSSIBLE",
      problems: [{ message: "Add needs the secret db_password, which the account does not have." }],
    });
    expect(error.problems[0].location).toMatchObject({ file: scene.source, className: "Add" });
  });

  it("asks for the secrets of a registry that its way of logging in needs, and no others", async () => {
    const config = (auth: string) => `base_image:\n  image: r.example/i:1\n  docker_auth: ${auth}\n`;
    const lacking = async (auth: string) => {
      await scene.write({ "chain.ts": WITH_TRUSS, "truss/config.yaml": config(auth) });
      const { problems } = await push(scene.source, scene.options()).catch((thrown) => thrown);
      return problems.map(({ message }: { message: string }) => / secret (\S+),/.exec(message)?.[1]);
    };
    const registry = "registry: r.example";
    expect(await lacking(`{auth_method: GCP_SERVICE_ACCOUNT_JSON, secret_name: gcp, ${registry}}`)).toEqual([
      "gcp",
    ]);
    expect(await lacking(`{auth_method: AWS_IAM, ${registry}}`)).toEqual([
      "aws_access_key_id",
      "aws_secret_access_key",
    ]);
  });

  it.each([
    "node:20-alpine",
    "gcr.io/distroless/nodejs20",
    "node:22-slim",
    "registry.example.com:5000/alpine:3",
  ])("refuses the image %s", async (image) => {
    await scene.write({ "chain.ts": serving(image) });
    await expect(push(scene.source, scene.options())).rejects.toMatchObject({
      code: "PUSH_IMPOSSIBLE",
      problems: [{ message: expect.stringContaining(`Server builds on ${image}`) }],
    });
    expect(scene.fake.requests).toHaveLength(0);
  });

  it("passes on what Baseten says of a config", async () => {
    await scene.write({ "chain.ts": SMALL_CHAIN.replaceAll("Add", "RejectMe") });
    await expect(push(scene.source, scene.options())).rejects.toMatchObject({
      code: "DEPLOY_REJECTED",
      problems: [{ message: expect.stringContaining("is not allowed here") }],
    });
  });

  it("does all but the network in a dry run", async () => {
    const preview = await previewPush(scene.source, scene.options({ promote: true }));
    expect(preview).toEqual({
      chain: "Sums",
      isDraft: false,
      environment: "production",
      chainlets: [
        { name: "Sum", isEntrypoint: true },
        { name: "Add", isEntrypoint: false },
      ],
    });
    expect(scene.fake.requests).toHaveLength(0);
  });
});

describe("a push that cannot keep what it has achieved, or read how to upload,", () => {
  it.each([
    [".local", "FILE_NOT_WRITABLE", "XDG_STATE_HOME"],
    [".aws", "FILE_NOT_READABLE", "Make it a file"],
  ])("says so when %s is a file", async (name, code, fix) => {
    await rm(join(scene.home, name), { recursive: true, force: true });
    await writeFile(join(scene.home, name), "");
    await expect(push(scene.source, scene.options())).rejects.toMatchObject({
      code,
      message: expect.stringContaining("ENOTDIR"),
      fix: expect.stringContaining(fix),
    });
    expect(platform().deployments).toHaveLength(0);
  });
});

describe("a deployment", () => {
  it("may be the last of its chain: the chain can be deleted even so, and even with none", async () => {
    const { deploymentId } = await push(scene.source, scene.options());
    const [chain] = platform().chains;
    chain!.environments.clear();
    await (await openDeployment({ env: scene.env, deploymentId })).delete();
    expect(chain!.deployments).toHaveLength(0);
    const whole = ["delete", "--chain", "Sums", "--all", "--yes"];
    const unclear = await chains([...whole, "--environment", "staging"], { env: scene.env });
    expect(unclear).toMatchObject({ code: 2, stderr: expect.stringContaining("Leave out --all") });
    expect(platform().chains).toHaveLength(1);
    const { code, stderr } = await chains(whole, { env: scene.env });
    expect(code, stderr).toBe(0);
    expect(platform().chains).toHaveLength(0);
  });

  it("with a config that a newer Truss may have made is no fault of the one who compares with it", async () => {
    await push(scene.source, scene.options());
    for (const { config } of platform().chainlets) config.python_version = "py399";
    await expect(planPush(scene.source, scene.options())).rejects.toMatchObject({
      code: "API_FAILED",
      message: expect.stringMatching(/^The config that \w+ was deployed with is not understood: /),
    });
    await push(scene.source, scene.options());
  });

  it("is promoted only to an environment that there is", async () => {
    const deployment = await push(scene.source, scene.options());
    await expect(deployment.promote("staging")).rejects.toMatchObject({
      code: "ENVIRONMENT_NOT_FOUND",
      message: "Sums has no environment staging.",
    });
  });

  it("that serves an environment is not deleted, which is said in words that help", async () => {
    const deployment = await push(scene.source, scene.options());
    await expect(deployment.delete()).rejects.toMatchObject({
      code: "API_REJECTED",
      message: expect.stringContaining(`does not delete ${deployment.deploymentId}, which production serves`),
      fix: "Promote another deployment first, or delete the whole chain.",
    });
  });

  it("is found: of several chains by asking, and the newest in place of the one that is served", async () => {
    const query = { env: scene.env };
    const [first, second] = [
      await push(scene.source, scene.options()),
      await push(scene.source, scene.options()),
    ];
    await push(scene.source, scene.options({ draft: true }));
    expect((await openDeployment(query)).deploymentId).toBe(first.deploymentId);
    expect((await openDeployment({ ...query, newest: true })).deploymentId).toBe(second.deploymentId);
    await push(scene.source, scene.options({ name: "Other" }));
    await expect(openDeployment(query)).rejects.toMatchObject({
      code: "USAGE",
      fix: "Name one with --chain.",
    });
    const choose = async ({ options }: Choice) => options[0]!;
    expect((await openDeployment({ ...query, choose })).chainName).toBe("Other");
    await expect(openDeployment({ ...query, chain: "Sums", team: "Nope" })).rejects.toMatchObject({
      code: "CHAIN_NOT_FOUND",
      message: "There is no chain named Sums in the team Nope.",
    });
  });

  it("goes on when the account has the secrets", async () => {
    platform().secrets.set("db_password", "x");
    await scene.write({ "chain.ts": withSecret });
    await push(scene.source, scene.options());
    expect(platform().deployments).toHaveLength(1);
  });

  it("that fails says which chainlets, and ends with their last words", async () => {
    platform().lifeOf = (name) =>
      name === "Add" ? ["BUILDING_MODEL", "MODEL_DEPLOY_FAILED"] : ["MODEL_READY"];
    const deployment = await push(scene.source, scene.options({ wait: false }));
    const add = platform().chainlets.find(({ name }) => name === "Add")!;
    add.logs.push({ timestamp: "1000000", message: "boom", replica: null });
    await expect(deployment.ready({ pollMs: 1 })).rejects.toMatchObject({
      code: "DEPLOY_FAILED",
      blame: "remote",
      message: "The deployment of Sums failed: Add is DEPLOY_FAILED.",
      data: { logs: { Add: ["boom"] } },
    });
  });

  it("that scales down while it is waited for has not failed", async () => {
    platform().lifeOf = (name) =>
      name === "Add" ? ["MODEL_READY", "SCALED_TO_ZERO"] : ["BUILDING_MODEL", "MODEL_LOADING", "MODEL_READY"];
    await push(scene.source, scene.options());
  });

  it("goes on without us when the wait is interrupted", async () => {
    platform().lifeOf = () => ["BUILDING_MODEL"];
    const aborter = new AbortController();
    const onEvent = scene.options().onEvent!;
    const options = scene.options({
      signal: aborter.signal,
      onEvent: (event) => {
        onEvent(event);
        if (event.type === "chainlets") aborter.abort();
      },
    });
    await expect(push(scene.source, options)).rejects.toMatchObject({
      code: "INTERRUPTED",
      message: "Baseten goes on deploying Sums without us.",
    });
    expect(platform().deployments).toHaveLength(1);
  });

  it("can be called like the chainlet itself", async () => {
    scene.fake.invoke = (path, body, response) => {
      const { values } = JSON.parse(body);
      if (!path.endsWith("/run_remote")) response.writeHead(404).end();
      else if (values.length === 0) response.writeHead(422).end(`{"error":"empty"}`);
      else response.end(JSON.stringify(values.length));
    };
    const deployment = await push(scene.source, scene.options());
    expect(await deployment.runRemote({ values: [1, 2] })).toBe(2);
    await expect(deployment.runRemote({ values: [] })).rejects.toMatchObject({
      code: "INVOCATION_FAILED",
      data: { status: 422, body: `{"error":"empty"}` },
    });
  });
});
