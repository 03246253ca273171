import { ChainsError } from "@truss-chains/errors";
import pMap from "p-map";
import { shareSignal } from "../control/share-signal.ts";
import { asLocked } from "../lock/locked-source.ts";
import type { Lockfile } from "../lock/lockfile.ts";
import { MODEL_CACHE_ROOT } from "../paths/roots.ts";
import { safeRelativePath } from "../paths/safe-path.ts";
import { checkTree } from "../paths/tree-check.ts";
import { type PathPatterns, pathFilter, patternWarnings } from "../patterns/path-filter.ts";
import type { RemoteFile, SourceContext, WeightsFetcher } from "../sources/fetcher.ts";
import { openSource } from "../sources/open.ts";
import { parseModelRepo, sourceLabel } from "../sources/reference.ts";
import { DEFAULT_SECRET_NAME, type Manifest, type ManifestModel, type Pointer } from "./pointer.ts";

const SOURCES_AT_ONCE = 4;

/** One entry of `model_cache`, as config.yaml spells it. */
export interface ModelCacheEntry {
  readonly repo_id: string;
  readonly revision?: string;
  readonly allow_patterns?: readonly string[] | null;
  readonly ignore_patterns?: readonly string[] | null;
  readonly volume_folder?: string | null;
  readonly use_volume: boolean;
  readonly kind?: string;
  readonly runtime_secret_name?: string;
}

export interface CreateManifestOptions {
  readonly context: SourceContext;
  /** Directory that `volume_folder` is placed in; default `/app/model_cache`. */
  readonly modelPath?: string;
  /** What it records is taken from it, without asking the source. */
  readonly lockfile?: Lockfile | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A model cache whose sources were listed. */
export interface ResolvedModelCache {
  readonly manifest: Manifest;
  /** The commit of each entry, in their order; `null` for sources without revisions and for what images hold. */
  readonly commits: readonly (string | null)[];
}

/**
 * The static manifest of a v2 model cache: every source listed now, revisions pinned to their commits. Entries with
 * `use_volume: false` are baked into images and have no part in it.
 *
 * @throws ChainsError `WEIGHTS_NOT_FOUND` when an entry selects no file, `WEIGHTS_UNSAFE_PATH` for hostile listings,
 * and whatever the source refuses with
 */
export async function createManifest(
  entries: readonly ModelCacheEntry[],
  options: CreateManifestOptions,
): Promise<Manifest> {
  return (await resolveModelCache(entries, options)).manifest;
}

/** As {@link createManifest}, with the commits that it pins. */
export async function resolveModelCache(
  entries: readonly ModelCacheEntry[],
  options: CreateManifestOptions,
): Promise<ResolvedModelCache> {
  const volumes = entries.filter((entry) => entry.use_volume);
  const resolved = await resolveModels(volumes.map(toModel), options);
  const commits = new Map(volumes.map((entry, index) => [entry, resolved[index]!.revision || null]));
  return {
    manifest: { pointers: resolved.flatMap(({ pointers }) => pointers), models: null },
    commits: entries.map((entry) => commits.get(entry) ?? null),
  };
}

/** Lists the sources of models and turns their files into pointers. */
export async function resolveModels(
  models: readonly ManifestModel[],
  { context, modelPath = MODEL_CACHE_ROOT, lockfile, signal }: CreateManifestOptions,
): Promise<{ readonly revision: string; readonly pointers: Pointer[] }[]> {
  if (signal !== undefined) shareSignal(signal);
  const resolved = await pMap(
    models,
    async (model) => {
      const reference = parseModelRepo(model.repo_id, model.revision, model.kind);
      const label = sourceLabel(reference);
      const folder = safeRelativePath(model.volume_folder, "volume_folder");
      const patterns = { allow: model.allow_patterns, ignore: model.ignore_patterns };
      const source = openSource(reference, model.runtime_secret_name, context);
      const fetcher = asLocked(source, label, patterns, lockfile);
      const revision = await fetcher.resolveRevision(signal);
      const files = await selectFiles(fetcher, label, patterns, context, signal);
      const pointers = files.map((file) =>
        toPointer(file, `${modelPath}/${folder}/${file.path}`, model.runtime_secret_name),
      );
      return { revision, pointers };
    },
    { concurrency: SOURCES_AT_ONCE },
  );
  checkTree(
    resolved.flatMap(({ pointers }) => pointers.map(({ file_name }) => file_name)),
    "The model cache",
  );
  return resolved;
}

/** The files of one source that its patterns select, checked for unsafe names. */
export async function selectFiles(
  fetcher: WeightsFetcher,
  label: string,
  patterns: PathPatterns,
  context: SourceContext,
  signal?: AbortSignal,
): Promise<readonly RemoteFile[]> {
  for (const { message, fix } of patternWarnings(patterns)) context.warn(`${label}: ${message} ${fix}`);
  const all = await fetcher.list(signal);
  if (all.length === 0) {
    throw new ChainsError("WEIGHTS_NOT_FOUND", `${label} holds no files.`, {
      fix: "Check the path: it names a folder.",
    });
  }
  const wanted = pathFilter(patterns);
  const files = all.filter((file) => wanted(file.path));
  if (files.length === 0) {
    throw new ChainsError(
      "WEIGHTS_NOT_FOUND",
      `None of the ${all.length} files of ${label} is selected by allow_patterns ` +
        `${JSON.stringify(patterns.allow)} and ignore_patterns ${JSON.stringify(patterns.ignore)}.`,
      { fix: "Change the patterns. `*` also crosses `/`; names are compared with their case." },
    );
  }
  for (const file of files) safeRelativePath(file.path, label);
  checkTree(
    files.map((file) => file.path),
    label,
  );
  return files;
}

/** The manifest entry of a listed file. */
export function toPointer(file: RemoteFile, fileName: string, secretName: string): Pointer {
  return {
    resolution: file.resolution,
    uid: file.uid,
    file_name: fileName,
    hashtype: file.hashtype,
    hash: file.hash,
    size: file.size,
    last_modified_time: file.lastModified?.toISOString() ?? null,
    runtime_secret_name: secretName,
  };
}

function toModel(entry: ModelCacheEntry): ManifestModel {
  if (!entry.volume_folder) {
    throw new ChainsError("WEIGHTS_SOURCE_INVALID", `${entry.repo_id} has use_volume but no volume_folder.`, {
      fix: "Set volume_folder to the folder's name below /app/model_cache.",
    });
  }
  return {
    repo_id: entry.repo_id,
    revision: entry.revision ?? "",
    allow_patterns: entry.allow_patterns ?? null,
    ignore_patterns: entry.ignore_patterns ?? null,
    volume_folder: entry.volume_folder,
    runtime_secret_name: entry.runtime_secret_name ?? DEFAULT_SECRET_NAME,
    kind: (entry.kind ?? "hf") as ManifestModel["kind"],
  };
}
