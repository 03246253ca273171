import { version } from "../version.ts";

/** The files of a new project, by path. */
export function projectFiles(name: string): Readonly<Record<string, string>> {
  return {
    "package.json": packageJson(name),
    "tsconfig.json": TSCONFIG,
    "vitest.config.ts": VITEST_CONFIG,
    "chain.ts": CHAIN,
    "chain.test.ts": TEST,
    "README.md": readme(name),
    ".gitignore": "node_modules/\nbuild/\nmodel_cache/\n.env\n",
  };
}

function packageJson(name: string): string {
  const manifest = {
    name,
    private: true,
    type: "module",
    scripts: {
      check: "tsc && chains check chain.ts",
      dev: "chains dev chain.ts",
      build: "chains build chain.ts --out build",
      test: "vitest run",
    },
    dependencies: { "truss-chains": `^${version}`, zod: "^4.0.0" },
    devDependencies: {
      "@truss-chains/cli": `^${version}`,
      "@types/node": "^20.19.0",
      typescript: ">=5.9.0",
      vitest: "^4.1.0",
    },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

const TSCONFIG = `{
  "extends": "truss-chains/tsconfig.json",
  "exclude": ["build", "node_modules"]
}
`;

const VITEST_CONFIG = `import { trussChains } from "truss-chains/vitest";
import { defineConfig } from "vitest/config";

export default defineConfig({ plugins: [trussChains()] });
`;

const CHAIN = `import { Chainlet, ChainletBase, Compute, RemoteConfig, depends, endpoint, markEntrypoint } from "truss-chains";
import type { Input, Remote } from "truss-chains";
import { z } from "zod";

const SayInput = z.object({ name: z.string().min(1), times: z.int().min(1).max(10).default(1) });

/** Each chainlet is a service of its own, with its own hardware. */
@Chainlet({ remoteConfig: new RemoteConfig({ compute: new Compute({ cpuCount: 1, memory: "512Mi" }) }) })
export class Greeter extends ChainletBase {
  @endpoint({ input: SayInput, output: z.array(z.string()) })
  async runRemote({ name, times }: Input<typeof SayInput>) {
    return Array.from({ length: times }, () => \`Hello \${name}!\`);
  }
}

const HelloInput = z.object({ names: z.array(z.string()).min(1) });

/** The entrypoint is what callers of the chain reach. */
@markEntrypoint()
@Chainlet()
export class Hello extends ChainletBase {
  constructor(@depends(Greeter, { retries: 3 }) private readonly greeter: Remote<Greeter>) {
    super();
  }

  @endpoint({ input: HelloInput, output: z.string() })
  async runRemote({ names }: Input<typeof HelloInput>) {
    const greetings = await Promise.all(names.map((name) => this.greeter.runRemote({ name })));
    return greetings.flat().join(" ");
  }
}
`;

const TEST = `import { runLocal } from "truss-chains";
import { expect, test } from "vitest";
import { Hello } from "./chain.ts";

test("a chainlet is a class: its dependencies can be plain objects", async () => {
  const hello = new Hello({ runRemote: async ({ name }) => [\`Hi \${name}\`] });
  expect(await hello.runRemote({ names: ["Ada", "Alan"] })).toBe("Hi Ada Hi Alan");
});

test("the whole chain runs in one process, through the real validation", async () => {
  await using chain = runLocal(Hello);
  expect(await chain.runRemote({ names: ["Ada"] })).toBe("Hello Ada!");
});
`;

function readme(name: string): string {
  return `# ${name}

A chain of model services, written with truss-chains.

| command | does |
|---|---|
| \`npm run check\` | finds what is wrong with types and chainlets |
| \`npm test\` | runs the tests |
| \`npx chains run chain.ts --input '{"names": ["Ada"]}'\` | runs the chain once, in one process |
| \`npm run dev\` | runs it as it will be deployed, a process per chainlet, and reloads on changes |
| \`npm run build\` | builds a deployable truss directory per chainlet under \`build/\` |
| \`npx chains push chain.ts\` | deploys it, with the account of \`npx chains login\` |
`;
}
