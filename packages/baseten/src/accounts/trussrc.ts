import { isUtf8 } from "node:buffer";
import { readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import { replaceFile } from "../replace-file.ts";
import { IniFile } from "./ini.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where accounts are kept: `USER_TRUSSRC_PATH`, else `~/.trussrc`. */
export function trussrcPath(env: Environment): string {
  const path = env.USER_TRUSSRC_PATH ?? "~/.trussrc";
  return path === "~" || path.startsWith("~/") ? join(env.HOME ?? homedir(), path.slice(1)) : path;
}

/** The file of accounts; an empty one when there is none. */
export async function readTrussrc(path: string): Promise<IniFile> {
  const bytes = await readFile(path).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return Buffer.of();
    throw new ChainsError("FILE_NOT_READABLE", `${path} cannot be read: ${thrown.code ?? thrown.message}.`, {
      fix: "Make it a file that you may read.",
      location: { file: path },
      cause: thrown,
    });
  });
  // Read as something else, what is no text would be lost when the file is written again.
  if (isUtf8(bytes)) return new IniFile(bytes.toString(), path);
  throw new ChainsError("ACCOUNT_INVALID", `${path} is not UTF-8 text.`, {
    fix: "Save it as UTF-8.",
    location: { file: path },
  });
}

/** Replaces the file as a whole. Only its owner may read it. A link stays a link. */
export async function writeTrussrc(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  try {
    await replaceFile(target, text);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    throw new ChainsError("FILE_NOT_WRITABLE", `${path} cannot be written: ${code ?? message}.`, {
      fix: "Make its directory one that you may write to, or name another file in USER_TRUSSRC_PATH.",
      location: { file: path },
      cause: thrown,
    });
  }
}
