import type { Baseten } from "../api/baseten.ts";
import { newUploadTarget } from "../api/upload-credentials.ts";
import type { Archive } from "../archive/pack.ts";
import type { Journal } from "../journal/journal.ts";
import { readS3Settings, type S3Settings } from "../upload/aws-config.ts";
import { uploadArchive } from "../upload/upload-archive.ts";
import type { PushReporter } from "./events.ts";
import { type PackedChain, type PackedChainlet, sizeText } from "./pack-chain.ts";

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
  readonly report: PushReporter;
  readonly signal: AbortSignal | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
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
  const upload = async (archive: Archive, name: string, kind: "model" | "chain"): Promise<string> => {
    const key = await uploadOnce(archive, name, kind, settings, context, (arrived) =>
      report({ type: "step", step: "upload", state: "progress", done: before + arrived, total }),
    );
    before += archive.bytes;
    report({ type: "step", step: "upload", state: "progress", done: before, total });
    return key;
  };
  const uploaded: UploadedChainlet[] = [];
  // One archive after the other; the parts of each go in parallel.
  for (const chainlet of chainlets)
    uploaded.push({ ...chainlet, s3Key: await upload(chainlet.archive, chainlet.node.name, "model") });
  const sourceS3Key = await upload(source, "the chain's source", "chain");
  report({ type: "step", step: "upload", state: "done", message: `Uploaded ${sizeText(total)}` });
  return { chainlets: uploaded, source, sourceS3Key };
}

async function uploadOnce(
  archive: Archive,
  name: string,
  kind: "model" | "chain",
  settings: S3Settings,
  { baseten, journal, signal }: UploadContext,
  onBytes: (arrived: number) => void,
): Promise<string> {
  const digest = `${kind}:${archive.sha256}`;
  const there = journal.uploadedKey(digest);
  if (there !== undefined) return there;
  const key = await uploadArchive({
    archive,
    name,
    newTarget: () => newUploadTarget(baseten, kind),
    settings,
    begun: journal.begunUpload(digest),
    onBegun: (begun) => journal.began(digest, begun),
    onBytes,
    signal,
  });
  await journal.finished(digest, key);
  return key;
}
