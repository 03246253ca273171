import { interruptible } from "./interruption.ts";
import { preparePush } from "./prepare.ts";
import type { PushOptions } from "./push-options.ts";

/** What a push would deploy. */
export interface PushPreview {
  readonly chain: string;
  readonly isDraft: boolean;
  readonly environment: string | null;
  readonly chainlets: readonly { readonly name: string; readonly isEntrypoint: boolean }[];
}

/** A dry run: builds and checks as `push` does, and never touches the network. */
export async function previewPush(source: string, options: PushOptions = {}): Promise<PushPreview> {
  await using prepared = await interruptible(options.signal, () => preparePush(source, options));
  const { chain, resolved } = prepared;
  return {
    chain: chain.name,
    isDraft: resolved.isDraft,
    environment: resolved.environment ?? null,
    chainlets: chain.chainlets.map(({ node, isEntrypoint }) => ({ name: node.displayName, isEntrypoint })),
  };
}
