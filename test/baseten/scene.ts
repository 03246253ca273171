import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PushEvent, PushOptions } from "@truss-chains/baseten";
import { FakeBaseten } from "./fake/fake-baseten.ts";

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));

// About the end of Node 20; it would drown what a failing test has to say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** A person with an account at a fake Baseten, a home, and a project. */
export class Scene implements AsyncDisposable {
  readonly fake: FakeBaseten;
  readonly home: string;
  readonly project: string;
  readonly events: PushEvent[] = [];

  private constructor(fake: FakeBaseten, base: string) {
    this.fake = fake;
    this.home = join(base, "home");
    this.project = join(base, "project");
  }

  static async set(files: Readonly<Record<string, string | Buffer>>): Promise<Scene> {
    const scene = new Scene(await FakeBaseten.start(), await mkdtemp(join(tmpdir(), "chains-scene-")));
    await scene.fake.writeHome(scene.home);
    await scene.write({ "package.json": `{ "type": "module" }`, ...files });
    await symlink(MODULES, join(scene.project, "node_modules"));
    return scene;
  }

  async write(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.project, path)), { recursive: true });
      await writeFile(join(this.project, path), content);
    }
  }

  get env(): Record<string, string> {
    return { HOME: this.home };
  }

  get source(): string {
    return join(this.project, "chain.ts");
  }

  /** Options of a push that goes to the fake without waiting anywhere. */
  options(more: PushOptions = {}): PushOptions {
    return {
      env: this.env,
      pollMs: 1,
      http: { retryDelayMs: 1 },
      onEvent: (event) => this.events.push(event),
      ...more,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fake[Symbol.asyncDispose]();
    await rm(dirname(this.home), { recursive: true, force: true });
  }
}

/** Two chainlets; the fewest that make a chain. */
export const SMALL_CHAIN = `
import { Chainlet, ChainletBase, depends, endpoint, markEntrypoint, type Remote } from "truss-chains";
import { z } from "zod";

@Chainlet()
export class Add extends ChainletBase {
  @endpoint({ input: z.object({ a: z.number(), b: z.number() }), output: z.number() })
  async runRemote({ a, b }: { a: number; b: number }): Promise<number> { return a + b; }
}

@markEntrypoint("Sums")
@Chainlet()
export class Sum extends ChainletBase {
  constructor(@depends(Add) private readonly add: Remote<typeof Add.prototype>) { super(); }
  @endpoint({ input: z.object({ values: z.array(z.number()) }), output: z.number() })
  async runRemote({ values }: { values: number[] }): Promise<number> {
    let total = 0;
    for (const value of values) total = await this.add.runRemote({ a: total, b: value });
    return total;
  }
}
`;
