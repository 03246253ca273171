import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { CHAINS, chains } from "../support/cli.ts";
import { makeProject } from "../support/project.ts";

describe("chains check", () => {
  test.each([
    ["UTF-16", Buffer.from("\uFEFFmodel_name: x\n", "utf16le")],
    ["Latin-1", Buffer.from("# caf\xe9\n", "latin1")],
  ])("finds a config.yaml that is %s to be no UTF-8", async (_, bytes) => {
    const project = await makeProject({});
    await writeFile(project.path("config.yaml"), bytes);
    const { code, stdout, stderr } = await chains(["check", "config.yaml"], { cwd: project.root });
    expect(code).toBe(1);
    expect(stdout).toContain("config.yaml has 1 problem");
    expect(stderr).toContain("is not UTF-8 text");
    const told = await chains(["check", "config.yaml", "--json"], { cwd: project.root });
    expect(JSON.parse(told.stdout)).toMatchObject({ ok: false, problems: [{ code: "CONFIG_SYNTAX" }] });
  });

  test("says why a config.yaml that is there cannot be read", async () => {
    const project = await makeProject({});
    await mkdir(project.path("truss", "config.yaml"), { recursive: true });
    await symlink("loop.yaml", project.path("loop.yaml"));
    const directory = await chains(["check", "truss"], { cwd: project.root });
    expect(directory.stderr).toContain("truss/config.yaml cannot be read: EISDIR.");
    const loop = await chains(["check", "loop.yaml"], { cwd: project.root });
    expect(loop.stderr).toContain("loop.yaml cannot be read: ELOOP.");
    expect([directory.code, loop.code]).toEqual([1, 1]);
  });

  test("shows a problem on each of very many lines, each with its place", async () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `unknown_${index}: ${"x".repeat(100)}\n`);
    const project = await makeProject({ "config.yaml": keys.join("") });
    const { code, stderr } = await chains(["check", "config.yaml"], {
      cwd: project.root,
      env: { NODE_OPTIONS: "--max-old-space-size=256" },
    });
    expect(code).toBe(0);
    expect(stderr).toContain("> 5000 | unknown_4999: xxx");
  });
});

test("a reader that has enough, as head has, ends a command without a word", async () => {
  const child = spawn(process.execPath, [CHAINS, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [, signal] = await once(child, "close");
  expect(stderr).toBe("");
  expect(signal).toBe("SIGTERM");
});
