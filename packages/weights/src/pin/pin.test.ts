import { expect, test } from "vitest";
import { pinTypeScript } from "./pin-typescript.ts";
import { pinYaml } from "./pin-yaml.ts";

const COMMIT = "c".repeat(40);
const PINS = [
  { repoId: "owner/repo", revision: "main", commit: COMMIT },
  { repoId: "owner/other", revision: "", commit: "d".repeat(40) },
];

test("TypeScript keeps everything but the revision", async () => {
  const source = `
// revision: "main" of owner/repo in a comment stays
const A = new ModelRepo({ revision: 'main', /* why */ repoId: "owner/repo", useVolume: true });
const B = new ModelRepo({ repoId: "owner/unrelated", revision: "main" });
const C = new WeightsSource({ source: "hf://owner/repo@main", mountLocation: "/m" });
const D = new WeightsSource({ source: \`hf://\${x}@main\`, mountLocation: "/m" });
const E = { "source": "hf://owner/other" };
const text = "see hf://owner/repo@main";
const expression = /["{]revision: "main"/;
`;
  const { text, edits } = await pinTypeScript(source, "chain.ts", PINS);
  expect(text).toBe(
    source
      .replace("revision: 'main', /* why", `revision: '${COMMIT}', /* why`)
      .replace('"hf://owner/repo@main", mount', `"hf://owner/repo@${COMMIT}", mount`)
      .replace('"hf://owner/other"', `"hf://owner/other@${"d".repeat(40)}"`),
  );
  expect(edits.map(({ before }) => before)).toEqual(["main", "hf://owner/repo@main", "hf://owner/other"]);
});

test("source with characters outside the basic plane is cut at the right places", async () => {
  const source = 'const 模型 = "🤗🤗"; const A = { repoId: "owner/repo", revision: "main" };';
  expect((await pinTypeScript(source, "chain.ts", PINS)).text).toBe(source.replace("main", COMMIT));
});

test("text in backticks is pinned, an expression is left alone", async () => {
  const source = `const A = [{ repoId: "owner/repo", revision: \`main\` }, { repoId: "owner/repo", revision: \`\${"main"}\` }];`;
  expect((await pinTypeScript(source, "chain.ts", PINS)).text).toBe(
    source.replace("`main`", `\`${COMMIT}\``),
  );
});

test("source that does not parse is refused", async () => {
  await expect(pinTypeScript("const = ;", "chain.ts", PINS)).rejects.toMatchObject({ code: "SOURCE_SYNTAX" });
});

test("YAML keeps comments, quotes and spacing", () => {
  const config = `# weights of my model
model_cache:
  - repo_id: owner/repo   # the model
    revision: 'main'      # follows the branch
    use_volume: true
  - {repo_id: owner/unrelated, revision: main}
weights:
- source: hf://owner/repo@main
  mount_location: /m
- source: "hf://owner/repo@v1"
description: revision main
`;
  const { text, edits } = pinYaml(config, PINS);
  expect(text).toBe(
    config.replace("'main'", `'${COMMIT}'`).replace("owner/repo@main", `owner/repo@${COMMIT}`),
  );
  expect(edits).toHaveLength(2);
});

test.each([">-", "|-"])("a source in a %s block keeps the line that follows it", (style) => {
  const config = `weights:\n- source: ${style}\n    hf://owner/repo@main\n\n  mount_location: /m\n`;
  expect(pinYaml(config, PINS).text).toMatch(
    new RegExp(`^weights:\\n- source: hf://owner/repo@${COMMIT}\\n+  mount_location: /m\\n$`),
  );
});

test("without anything to pin nothing changes", () => {
  expect(pinYaml("a: [1,\n", [])).toEqual({ text: "a: [1,\n", edits: [] });
});
