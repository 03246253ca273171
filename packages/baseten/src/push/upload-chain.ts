import type { Baseten } from "../api/baseten.ts";
import { newUploadTarget } from "../api/upload-credentials.ts";
import type { Archive } from "../archive/pack.ts";
import type { Journal } from "../journal/journal.ts";
import { readS3Settings, type S3Settings } from "../upload/aws-config.ts";
import { uploadArchive } from "../upload/upload-archive.ts";
import type { PushReporter } from "./events.ts";
import { type PackedChain, type PackedChainlet, sizeText } from "./pack-chain.ts";
import type { PushSession } from "./push-session.ts";

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
  const { report } = context;
  report({ type: "step", step: "upload", state: "start", total });
  let before = 0;
  let reused = 0;
  const upload = async (archive: Archive, name: string, kind: Kind): Promise<string> => {
    const there = keyOf(archive, kind, context);
    const key =
      there ??
      (await uploadOnce(archive, name, kind, settings, context, (arrived) =>
        report({ type: "step", step: "upload", state: "progress", done: before + arrived, total }),
      ));
    context.session?.uploaded(digestOf(archive, kind), key);
    if (there !== undefined) reused += archive.bytes;
    before += archive.bytes;
    report({ type: "step", step: "upload", state: "progress", done: before, total });
    return key;
  };
  const uploaded: UploadedChainlet[] = [];
  // One archive after the other; the parts of each go in parallel.
  for (const chainlet of chainlets)
    uploaded.push({ ...chainlet, s3Key: await upload(chainlet.archive, chainlet.node.name, "model") });
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

/** Where the archive is, when this push or an earlier one has uploaded it. */
function keyOf(archive: Archive, kind: Kind, { journal, session }: UploadContext): string | undefined {
  const digest = digestOf(archive, kind);
  return journal.uploadedKey(digest) ?? session?.uploadedKey(digest);
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
