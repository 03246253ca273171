import { dirname, join } from "node:path";
import { type Archive, packDirectory } from "../archive/pack.ts";
import type { ChainToPush } from "./built-chain.ts";
import type { PushReporter } from "./events.ts";
import type { NamedChainlet } from "./name-models.ts";

export interface PackedChainlet extends NamedChainlet {
  readonly archive: Archive;
}

export interface PackedChain {
  readonly chainlets: readonly PackedChainlet[];
  /** The directory that holds the source, for the download from Baseten. */
  readonly source: Archive;
}

/** Never a part of the source, whatever its `.truss_ignore` says: large, or secret. */
export const NOT_SOURCE = [
  "node_modules/",
  ".env",
  ".env.*",
  ".npmrc",
  ".trussrc",
  ".git",
  ".cache/truss-chains/",
];

/** Packs each chainlet, and the chain's source, into a directory of the push's own. */
export async function packChain(
  chain: ChainToPush,
  chainlets: readonly NamedChainlet[],
  out: string,
  report: PushReporter,
  signal: AbortSignal | undefined,
): Promise<PackedChain> {
  const total = chainlets.length + 1;
  report({ type: "step", step: "pack", state: "start", total });
  const packed: PackedChainlet[] = [];
  // One after the other: packing is bound by the disk.
  for (const chainlet of chainlets) {
    const archive = await packDirectory(chainlet.directory, join(out, `${chainlet.node.name}.tar`), {
      signal,
    });
    packed.push({ ...chainlet, archive });
    report({ type: "step", step: "pack", state: "progress", done: packed.length, total });
  }
  const source = await packDirectory(dirname(chain.discovered.source), join(out, "source.tar"), {
    leaveOut: NOT_SOURCE,
    signal,
  });
  const bytes = packed.reduce((sum, { archive }) => sum + archive.bytes, source.bytes);
  report({ type: "step", step: "pack", state: "done", message: `Packed ${sizeText(bytes)}` });
  return { chainlets: packed, source };
}

/** `1.5 MB` */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** step;
  return `${step === 0 ? value : value.toFixed(1)} ${units[step]}`;
}
