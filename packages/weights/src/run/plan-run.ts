import { resolveModels } from "../manifest/create.ts";
import { mergePointers } from "../manifest/merge.ts";
import type { Manifest, Pointer } from "../manifest/pointer.ts";
import type { PlacementRoots } from "../paths/roots.ts";
import type { SourceContext } from "../sources/fetcher.ts";
import { PointerSources } from "../sources/open.ts";
import { type TransferFile, toTransferFile } from "../transfer/transfer-file.ts";

/** Turns manifests into the files to put in place, models that they leave open listed now. */
export async function planRun(
  manifests: readonly Manifest[],
  roots: PlacementRoots,
  context: SourceContext,
  signal: AbortSignal,
): Promise<TransferFile[]> {
  const models = manifests.flatMap((manifest) => manifest.models ?? []);
  const resolved = await resolveModels(models, { context, signal });
  const late = resolved.flatMap((model) => model.pointers);
  const pointers = mergePointers([...manifests.map((manifest) => manifest.pointers), late], context.warn);
  warnExpired(pointers, context.warn);
  const sources = new PointerSources(context);
  return pointers.map((pointer) => toTransferFile(pointer, roots, sources));
}

function warnExpired(pointers: readonly Pointer[], warn: (message: string) => void): void {
  const now = Date.now() / 1000;
  const expired = pointers.filter(
    ({ resolution }) => resolution.resolution_type === "http" && resolution.expiration_timestamp < now,
  );
  if (expired.length > 0) {
    warn(
      `${expired.length} addresses of the manifest have expired, ${expired[0]!.file_name} first; they are tried anyway.`,
    );
  }
}
