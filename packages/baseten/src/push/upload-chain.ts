import type { Baseten } from "../api/baseten.ts";
import { newUploadTarget } from "../api/upload-credentials.ts";
import type { Archive } from "../archive/pack.ts";
import type { Journal } from "../journal/journal.ts";
import { readS3Settings, type S3Settings } from "../upload/aws-config.ts";
import { uploadArchive } from "../upload/upload-archive.ts";
import type { PushReporter } from "./events.ts";
import { type PackedChain, type PackedChainlet, sizeText } from "./pack-chain.ts";
import type { BuiltDigests, PushSession } from "./push-session.ts";

export interface UploadedChainlet extends PackedChainlet {
  readonly s3Key: string;
}

export interface UploadedChain extends PackedChain {
  readonly chainlets: readonly UploadedChainlet[];
  readonly sourceS3Key: string;
}

export interface UploadContext {
  readonly baseten: Baseten;
  readonly journal: Journal;
  readonly session: PushSession | undefined;
  /** Of what was built, where there is a session. */
  readonly digests: BuiltDigests | undefined;
  readonly report: PushReporter;
  readonly signal: AbortSignal | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds without a sign of life before S3 is asked again. */
  readonly timeoutMs: number | undefined;
}

/** Uploads all archives that have not arrived yet. */
export async function uploadChain(
  { chainlets, source }: PackedChain,
  context: UploadContext,
): Promise<UploadedChain> {
  const settings = await readS3Settings(context.env);
  const total = chainlets.reduce((sum, { archive }) => sum + archive.bytes, source.bytes);
  const { journal, session, report } = context;
  report({ type: "step", step: "upload", state: "start", total });
  let before = 0;
  let reused = 0;
  const upload = async (archive: Archive, name: string, kind: Kind, built?: string): Promise<string> => {
    const contents = built === undefined ? digestOf(archive, kind) : `built:${built}`;
    const there = journal.uploadedKey(digestOf(archive, kind)) ?? session?.uploadedKey(contents);
    const key =
      there ??
      (await uploadOnce(archive, name, kind, settings, context, (arrived) =>
        report({ type: "step", step: "upload", state: "progress", done: before + arrived, total }),
      ));
    session?.uploaded(contents, key);
    if (there !== undefined) reused += archive.bytes;
    before += archive.bytes;
    report({ type: "step", step: "upload", state: "progress", done: before, total });
    return key;
  };
  const uploaded: UploadedChainlet[] = [];
  // One archive after the other; the parts of each go in parallel.
  for (const chainlet of chainlets) {
    const { archive, node } = chainlet;
    const s3Key = await upload(archive, node.name, "model", context.digests?.get(node.displayName));
    uploaded.push({ ...chainlet, s3Key });
  }
  const sourceS3Key = await upload(source, "the chain's source", "chain");
  const already = reused > 0 ? `; ${sizeText(reused)} were there already` : "";
  const message = `Uploaded ${sizeText(total - reused)}${already}`;
  report({ type: "step", step: "upload", state: "done", message });
  return { chainlets: uploaded, source, sourceS3Key };
}

type Kind = "model" | "chain";

function digestOf({ sha256 }: Archive, kind: Kind): string {
  return `${kind}:${sha256}`;
}

async function uploadOnce(
  archive: Archive,
  name: string,
  kind: Kind,
  settings: S3Settings,
  { baseten, journal, signal, timeoutMs }: UploadContext,
  onBytes: (arrived: number) => void,
): Promise<string> {
  const digest = digestOf(archive, kind);
  const key = await uploadArchive({
    archive,
    name,
    newTarget: () => newUploadTarget(baseten, kind),
    settings,
    begun: journal.begunUpload(digest),
    onBegun: (begun) => journal.began(digest, begun),
    onBytes,
    timeoutMs,
    signal,
  });
  await journal.finished(digest, key);
  return key;
}
