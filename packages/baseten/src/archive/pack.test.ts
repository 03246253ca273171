import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packDirectory } from "./pack.ts";

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "pack-"));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function tree(name: string, files: Record<string, string>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(base, name, path)), { recursive: true });
    await writeFile(join(base, name, path), text);
  }
  return join(base, name);
}

const list = (file: string) =>
  execFileSync("tar", ["-tf", file], { encoding: "utf8" }).split("\n").filter(Boolean);

describe("an archive", () => {
  it("holds the files that the platform does not ignore, sorted, without directories", async () => {
    const root = await tree("a", {
      "config.yaml": "x",
      "data/server.mjs": "y",
      "lib/gone.js": "",
      "data/dist/gone.js": "",
      ".git/HEAD": "",
      "b.txt": "",
    });
    const archive = await packDirectory(root, join(base, "out.tar"));
    expect(list(archive.file)).toEqual(["b.txt", "config.yaml", "data/server.mjs"]);
  });

  it("follows .truss_ignore in place of the platform's list, and holds it", async () => {
    const root = await tree("a", { ".truss_ignore": "# mine\n  *.bin  \n", "lib/here.js": "", "x.bin": "" });
    const archive = await packDirectory(root, join(base, "out.tar"));
    expect(list(archive.file)).toEqual([".truss_ignore", "lib/here.js"]);
  });

  it("is the same, byte by byte, for the same files at another time and place", async () => {
    const files = { "config.yaml": "x", "data/a b.txt": "ü", [`data/${"long/".repeat(30)}f`]: "deep" };
    const [one, two] = [await tree("one", files), await tree("two", files)];
    await utimes(join(two, "config.yaml"), 1, 1);
    await chmod(join(two, "config.yaml"), 0o600);
    const first = await packDirectory(one, join(base, "1.tar"));
    const second = await packDirectory(two, join(base, "2.tar"));
    expect(second.sha256).toBe(first.sha256);
    expect(await readFile(second.file)).toEqual(await readFile(first.file));
    await writeFile(join(two, "config.yaml"), "y");
    expect((await packDirectory(two, join(base, "3.tar"))).sha256).not.toBe(first.sha256);
  });

  it("can be unpacked by tar: contents, the right to execute, linked files as files", async () => {
    const root = await tree("a", { "run.sh": "#!/bin/sh", "data/x": "content" });
    await chmod(join(root, "run.sh"), 0o755);
    await symlink("x", join(root, "data/link"));
    const archive = await packDirectory(root, join(base, "out.tar"));
    await mkdir(join(base, "un"));
    execFileSync("tar", ["-xf", archive.file, "-C", join(base, "un")]);
    expect(await readFile(join(base, "un/data/link"), "utf8")).toBe("content");
    expect(execFileSync("tar", ["-tvf", archive.file], { encoding: "utf8" })).toMatch(/-rwxr-xr-x.*run\.sh/);
    expect(archive.bytes).toBe((await readFile(archive.file)).length);
  });

  it("leaves out links that lead nowhere, as everywhere", async () => {
    const root = await tree("a", { "x.txt": "1" });
    await symlink(join(base, "nowhere"), join(root, "broken"));
    expect(list((await packDirectory(root, join(base, "out.tar"))).file)).toEqual(["x.txt"]);
  });

  it("says that there is no room for it", async () => {
    const root = await tree("a", { "a.txt": "a" });
    const out = join(base, "no such directory", "out.tar");
    await expect(packDirectory(root, out)).rejects.toMatchObject({
      code: "FILE_NOT_WRITABLE",
      message: `${out} cannot be written: ENOENT.`,
      fix: expect.stringContaining("TMPDIR"),
    });
  });

  it("names the rules that cannot be read", async () => {
    const root = await tree("a", { ".truss_ignore/x": "a directory where the file should be" });
    await expect(packDirectory(root, join(base, "out.tar"))).rejects.toMatchObject({
      code: "FILE_NOT_READABLE",
      location: { file: join(root, ".truss_ignore") },
    });
  });
});
