// Packs every package and looks at the tarballs as a user's tools would: publint and are-the-types-wrong.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packAll } from "./pack.mjs";

const ATTW = fileURLToPath(
  new URL("dist/index.js", import.meta.resolve("@arethetypeswrong/cli/package.json")),
);
const execute = promisify(execFile);

async function lint({ folder, tarball }) {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const bytes = await readFile(tarball);
  const { messages } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  return messages.map((message) => `${manifest.name}: ${formatMessage(message, manifest, { color: false })}`);
}

async function checkTypes({ folder, tarball }) {
  const { name, exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  // Only entries that say they have types are looked at: commands, scripts and JSON have none.
  const entries = Object.entries(exports).filter(([, target]) => target.types !== undefined);
  if (entries.length === 0) return [];
  const args = [
    ATTW,
    tarball,
    "--profile=esm-only",
    "--format=ascii",
    "--no-emoji",
    "--no-color",
    "--entrypoints",
    ...entries.map(([entry]) => entry),
  ];
  try {
    await execute(process.execPath, args);
    return [];
  } catch (failure) {
    return [`${name}: the types are wrong\n${failure.stdout}${failure.stderr}`];
  }
}

const directory = await mkdtemp(join(tmpdir(), "chains-published-"));
try {
  const packed = await packAll(directory);
  const faults = [];
  for (const one of packed) faults.push(...(await lint(one)), ...(await checkTypes(one)));
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  await rm(directory, { recursive: true, force: true });
}
