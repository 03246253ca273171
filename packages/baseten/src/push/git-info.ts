import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a push may tell of the source's repository. */
export interface GitInfo {
  readonly latest_commit_sha: string;
  readonly latest_tag: string | null;
  readonly commits_since_tag: number | null;
  readonly has_uncommitted_changes: boolean;
}

/** The state of the repository that holds a directory; null outside of one, or without git. */
export async function readGitInfo(directory: string): Promise<GitInfo | null> {
  const git = async (...args: string[]): Promise<string | null> =>
    run("git", args, { cwd: directory }).then(
      ({ stdout }) => stdout.trim(),
      () => null,
    );
  const sha = await git("rev-parse", "HEAD");
  if (sha === null) return null;
  const tag = await git("describe", "--tags", "--abbrev=0");
  const since = tag === null ? null : await git("rev-list", "--count", `${tag}..HEAD`);
  const changes = await git("status", "--porcelain");
  return {
    latest_commit_sha: sha,
    latest_tag: tag,
    commits_since_tag: since === null ? null : Number(since),
    has_uncommitted_changes: changes !== "",
  };
}
