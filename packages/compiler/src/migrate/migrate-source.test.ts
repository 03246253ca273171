import { describe, expect, test } from "vitest";
import { migrateSource } from "./migrate-source.ts";

const migrate = (code: string) => migrateSource("/chain.ts", code);

describe("cached repositories become weights", () => {
  test("in place, with comments, quotes and the rest untouched", () => {
    const { code, changed, warnings } =
      migrate(`import { Assets, ModelRepo, RemoteConfig } from "truss-chains";

// The model.
const LLAMA = new ModelRepo({
  repoId: "meta-llama/Llama-3.2-1B-Instruct", // gated
  revision: "c4219cc9",
  useVolume: true,
  volumeFolder: "llama_mini",
  ignorePatterns: ["*.pth", "*.onnx"], // not needed
});

export const config = new RemoteConfig({
  assets: new Assets({ cached: [LLAMA], secretKeys: ["hf_access_token"] }),
});
`);
    expect(changed).toBe(true);
    expect(warnings).toEqual([]);
    expect(code).toMatchInlineSnapshot(`
      "import { Assets, WeightsSource, RemoteConfig } from "truss-chains";

      // The model.
      const LLAMA = new WeightsSource({
        source: "hf://meta-llama/Llama-3.2-1B-Instruct@c4219cc9", // gated
        authSecretName: "hf_access_token",
        mountLocation: "/app/model_cache/llama_mini",
        ignorePatterns: ["*.pth", "*.onnx"], // not needed
      });

      export const config = new RemoteConfig({
        assets: new Assets({ weights: [LLAMA], secretKeys: ["hf_access_token"] }),
      });
      "
    `);
  });

  test("inline, on one line, and with single quotes", () => {
    const { code } = migrate(
      `import { Assets, ModelRepo } from 'truss-chains';\nexport const a = new Assets({ cached: [new ModelRepo({ repoId: 'o/r', useVolume: true, revision: 'main', volumeFolder: 'm', runtimeSecretName: 'mine' })] });\n`,
    );
    expect(code).toMatchInlineSnapshot(`
      "import { Assets, WeightsSource } from 'truss-chains';
      export const a = new Assets({ weights: [new WeightsSource({ source: 'hf://o/r@main', mountLocation: '/app/model_cache/m', authSecretName: 'mine' })] });
      "
    `);
  });

  test("of every kind", () => {
    const repo = (init: string): string =>
      /source: "(.*?)".*mountLocation: "(.*?)"/s
        .exec(
          migrate(
            `import { Assets, ModelRepo } from "truss-chains";\nnew Assets({ cached: [new ModelRepo({ ${init} })] });`,
          ).code,
        )!
        .slice(1)
        .join(" ");
    const v2 = `useVolume: true, volumeFolder: "m"`;
    expect(repo(`repoId: "gs://b/p", kind: "gcs", ${v2}`)).toBe("gs://b/p /app/model_cache/m");
    expect(repo(`repoId: "b/p", kind: "s3", ${v2}`)).toBe("s3://b/p /app/model_cache/m");
    expect(repo(`repoId: "acc/c/p", kind: "azure", ${v2}`)).toBe("azure://acc/c/p /app/model_cache/m");
    expect(repo(`repoId: "o/r", useVolume: false`)).toBe("hf://o/r /app/model_cache/o_r");
  });

  test("through a namespace, and while ModelRepo is needed elsewhere", () => {
    expect(
      migrate(
        `import * as chains from "truss-chains";\nnew chains.Assets({ cached: [new chains.ModelRepo({ repoId: "o/r", useVolume: false })] });`,
      ).code,
    ).toContain("new chains.WeightsSource({ source:");
    expect(
      migrate(
        `import { Assets, ModelRepo } from "truss-chains";\nnew Assets({ cached: [new ModelRepo({ repoId: "o/r", useVolume: false })] });\nexport const other: ModelRepo[] = [];`,
      ).code,
    ).toContain("import { Assets, ModelRepo, WeightsSource }");
  });

  test("warns about files that move and waits that are for nothing", () => {
    const { warnings } = migrate(
      `import { Assets, ModelRepo, resolver } from "truss-chains";\nnew Assets({ cached: [new ModelRepo({ repoId: "o/r", useVolume: false })] });\nclass A { constructor(@resolver() weights: unknown) {} }`,
    );
    expect(warnings.map(({ message, location }) => [message, location?.line])).toEqual([
      ["The files of this repository move to /app/model_cache/o_r.", 2],
      ["Weights are mounted before the chainlet starts: there is nothing to wait for.", 3],
    ]);
  });
});

test("the new class is imported by its own name, from wherever the SDK is imported", () => {
  const body = `new Assets({ cached: [new ModelRepo({ repoId: "o/r", revision: "main", useVolume: true, volumeFolder: "m" })] });`;
  const core = migrate(`import { Assets, ModelRepo } from "@truss-chains/core";\n${body}`);
  expect(core.code).toMatch(/^import \{ Assets, WeightsSource \} from "@truss-chains\/core";/);
  const aliased = migrate(`import { Assets, ModelRepo, WeightsSource as WS } from "truss-chains";\n${body}`);
  expect(aliased.code).toMatch(
    /^import \{ Assets, WeightsSource, WeightsSource as WS \} from "truss-chains";/,
  );
});

describe("what is not certain is left alone, with its line", () => {
  test.each([
    ["a value that is computed", `new ModelRepo({ repoId: name, useVolume: true, volumeFolder: "m" })`],
    ["a spread", `new ModelRepo({ ...common, useVolume: false })`],
    ["an entry from elsewhere", "imported"],
    ["a call", "makeRepo()"],
  ])("%s", (_, entry) => {
    const source = `import { Assets, ModelRepo } from "truss-chains";\nimport { imported } from "./x.ts";\nnew Assets({ cached: [${entry}] });`;
    const { code, changed, warnings } = migrate(source);
    expect(changed).toBe(false);
    expect(code).toBe(source);
    expect(warnings[0]?.location?.line).toBe(3);
  });

  test("a constant that other code uses too", () => {
    const source = `import { Assets, ModelRepo } from "truss-chains";\nconst R = new ModelRepo({ repoId: "o/r", useVolume: false });\nnew Assets({ cached: [R] });\nconsole.log(R.repoId);`;
    expect(migrate(source)).toMatchObject({ changed: false, code: source });
  });

  test("a source without cached repositories has nothing to migrate", () => {
    expect(migrate(`import { Assets } from "truss-chains";\nnew Assets({ cached: [] });`)).toMatchObject({
      changed: false,
      warnings: [],
    });
  });
});
