import type { Manifest, Pointer } from "./pointer.ts";

/** The manifest as the real tool writes it: JSON, two spaces, unknown times left out; pointers sorted by name. */
export function renderManifest(manifest: Manifest): string {
  const pointers = [...manifest.pointers]
    .sort((a, b) => (a.file_name < b.file_name ? -1 : a.file_name > b.file_name ? 1 : 0))
    .map(renderPointer);
  const models = manifest.models?.map((model) => ({
    ...model,
    kind: model.kind === "hf" ? "http" : model.kind,
  }));
  return `${JSON.stringify({ pointers, models: models ?? null }, null, 2)}\n`;
}

function renderPointer(pointer: Pointer): Record<string, unknown> {
  const { last_modified_time: time, runtime_secret_name: secret, ...rest } = pointer;
  return { ...rest, ...(time !== null && { last_modified_time: time }), runtime_secret_name: secret };
}
