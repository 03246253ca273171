import { ChainsError } from "@truss-chains/errors";
import { describe, expect, test } from "vitest";
import { type ConfigChange, editConfig } from "./edit.ts";

const FILE = `# The model.
model_name: "demo"   # its name
resources:
  cpu: '4'

  # Plenty.
  memory: 16Gi
requirements: [a, b] # two
weights:
  - source: hf://a/b # first
    mount_location: /m

  - source: hf://c/d
    mount_location: /n
docker_server:
notes: |
  hello

# The end.
`;

/** The lines that an edit takes away and adds. */
function difference(change: ConfigChange, file = FILE): string[] {
  const before = file.split("\n");
  const after = editConfig(file, [change]).split("\n");
  while (before.length > 0 && before[0] === after[0]) [before, after].map((lines) => lines.shift());
  while (before.length > 0 && before.at(-1) === after.at(-1)) [before, after].map((lines) => lines.pop());
  return [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)];
}

describe("setting a value", () => {
  test("keeps its quotes and the comment behind it", () => {
    expect(difference({ path: ["model_name"], value: "new" })).toEqual([
      '-model_name: "demo"   # its name',
      '+model_name: "new"   # its name',
    ]);
  });

  test("adds a key at the end of its mapping, in the indentation there", () => {
    expect(difference({ path: ["resources", "accelerator"], value: "L4:2" })).toEqual([
      "+  accelerator: L4:2",
    ]);
  });

  test("makes the parents that are missing", () => {
    expect(difference({ path: ["runtime", "transport", "kind"], value: "grpc" })).toEqual([
      "+runtime:",
      "+  transport:",
      "+    kind: grpc",
    ]);
  });

  test("fills an empty value", () => {
    expect(difference({ path: ["docker_server", "server_port"], value: 8000 })).toEqual([
      "+  server_port: 8000",
    ]);
  });

  test("appends to a list as the file writes lists", () => {
    expect(difference({ path: ["weights", 2], value: { source: "hf://e/f", mount_location: "/o" } })).toEqual(
      ["+  - source: hf://e/f", "+    mount_location: /o"],
    );
    expect(difference({ path: ["requirements", 2], value: "c: d" })).toEqual([
      "-requirements: [a, b] # two",
      "+requirements: [a, b, 'c: d'] # two",
    ]);
  });

  test("begins an empty file", () => {
    expect(editConfig("", [{ path: ["model_name"], value: "x" }])).toBe("model_name: x\n");
    expect(editConfig("# nothing yet", [{ path: ["model_name"], value: "x" }])).toBe(
      "# nothing yet\nmodel_name: x\n",
    );
  });

  test("keeps the line ends of Windows", () => {
    expect(editConfig("a: 1\r\nb: 2\r\n", [{ path: ["c"], value: [1] }])).toBe(
      "a: 1\r\nb: 2\r\nc:\r\n- 1\r\n",
    );
  });
});

describe("removing a value", () => {
  test("takes its lines and nothing else", () => {
    expect(difference({ path: ["resources", "cpu"], remove: true })).toEqual(["-  cpu: '4'"]);
    expect(difference({ path: ["weights", 1], remove: true })).toEqual([
      "-  - source: hf://c/d",
      "-    mount_location: /n",
    ]);
  });

  test("leaves the dash of an item for its next key", () => {
    expect(difference({ path: ["weights", 0, "source"], remove: true })).toEqual([
      "-  - source: hf://a/b # first",
      "-    mount_location: /m",
      "+  - mount_location: /m",
    ]);
  });

  test("of something that is not there changes nothing", () => {
    expect(editConfig(FILE, [{ path: ["runtime", "oidc"], remove: true }])).toBe(FILE);
  });
});

test("several changes are made one after the other", () => {
  const edited = editConfig("a: 1\n", [
    { path: ["b"], value: 2 },
    { path: ["a"], remove: true },
    { path: ["b"], value: 3 },
  ]);
  expect(edited).toBe("b: 3\n");
});

test("what is written behind an alias is not changed", () => {
  expect(() => editConfig("a: &x {b: 1}\nc: *x\n", [{ path: ["c", "b"], value: 2 }])).toThrow(ChainsError);
});

test("the only item of a list can be removed, however the list is indented", () => {
  const remove = (text: string) => editConfig(text, [{ path: ["requirements", 0], remove: true }]);
  expect(remove("requirements:\n# one\n- a # two\nnext: 1\n")).toBe(
    "requirements:\n# one\n  [] # two\nnext: 1\n",
  );
  expect(remove("requirements:\n  - a\n")).toBe("requirements:\n  []\n");
});

describe("a byte order mark", () => {
  const MARKED = "\uFEFFmodel_name: a\nrequirements: [b]\n";

  test("stays first, whatever is changed behind it", () => {
    const edit = (change: ConfigChange) => editConfig(MARKED, [change]);
    expect(edit({ path: ["resources", "cpu"], value: "4" })).toBe(`${MARKED}resources:\n  cpu: '4'\n`);
    expect(edit({ path: ["model_name"], value: { b: 1 } })).toBe(
      "\uFEFFmodel_name:\n  b: 1\nrequirements: [b]\n",
    );
    expect(edit({ path: ["model_name"], remove: true })).toBe("\uFEFFrequirements: [b]\n");
  });

  test("of a file with a single key is no indentation of the next one", () => {
    expect(editConfig("\uFEFFmodel_name: a\n", [{ path: ["python_version"], value: "py312" }])).toBe(
      "\uFEFFmodel_name: a\npython_version: py312\n",
    );
  });
});
