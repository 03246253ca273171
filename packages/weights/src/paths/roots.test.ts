import { expect, test } from "vitest";
import { placeFile } from "./roots.ts";

const ROOTS = { downloadDir: "/tmp/downloads", weightsRoot: "/data/weights" };

test.each([
  ["models/a", "/tmp/downloads/models/a"],
  ["/app/model_cache/models/a", "/data/weights/models/a"],
  ["/data/weights/models/a", "/data/weights/models/a"],
  ["/tmp/downloads/models/a", "/tmp/downloads/models/a"],
])("%s is placed at %s", (name, path) => {
  expect(placeFile(name, ROOTS).path).toBe(path);
});

test.each(["/etc/a", "/tmp/downloads-too/a", "/data/weights", "/tmp/downloads/../a", "../a"])(
  "%s is refused",
  (name) => {
    expect(() => placeFile(name, ROOTS)).toThrow(expect.objectContaining({ code: "WEIGHTS_UNSAFE_PATH" }));
  },
);

test("whoever names the file system's own root may have files anywhere", () => {
  const roots = { ...ROOTS, downloadDir: "/" };
  expect(placeFile("/models/a", roots)).toEqual({ root: "/", path: "/models/a" });
  expect(() => placeFile("/models/../a", roots)).toThrow(
    expect.objectContaining({ code: "WEIGHTS_UNSAFE_PATH" }),
  );
});
