import { expect, test } from "vitest";
import { pathFilter, patternWarnings } from "./path-filter.ts";

test("ignored patterns win over allowed ones", () => {
  const wanted = pathFilter({ allow: ["*.json", "onnx/*"], ignore: ["*quantized*"] });
  const paths = ["config.json", "onnx/model.onnx", "onnx/model_quantized.onnx", "README.md"];
  expect(paths.filter(wanted)).toEqual(["config.json", "onnx/model.onnx"]);
});

test("no allowed patterns means everything, an empty list means nothing", () => {
  expect(pathFilter({ allow: null, ignore: [] })("a")).toBe(true);
  expect(pathFilter({ allow: [], ignore: null })("a")).toBe(false);
});

test("patterns that other tools read differently are pointed out, with their place", () => {
  const warnings = patternWarnings({ allow: ["*.json", "model-0000?.bin"], ignore: ["docs/"] });
  expect(warnings).toMatchObject([
    {
      severity: "warning",
      location: { path: ["allow_patterns", 1] },
      message: expect.stringContaining("literally"),
    },
    { location: { path: ["ignore_patterns", 0] }, fix: expect.stringContaining("docs/*") },
  ]);
});
