// Each server has its own copy of the user's modules, because what stays of them differs from chainlet to chainlet.
// The copy of a module has the module's path as its id, and the chainlet behind it.
const MARK = "?chainlet=";

export function copyOf(file: string, chainlet: string): string {
  return `${file}${MARK}${chainlet}`;
}

/** The file that a module's id stands for, whether the module is a copy or not. */
export function originalOf(id: string): string {
  const at = id.indexOf(MARK);
  return at === -1 ? id : id.slice(0, at);
}

/** Whose copy a module is; undefined for modules that all chainlets share. */
export function ownerOf(id: string): string | undefined {
  const at = id.indexOf(MARK);
  return at === -1 ? undefined : id.slice(at + MARK.length);
}
