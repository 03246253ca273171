/**
 * Code for the top of a CommonJS bundle, after which these modules are loaded when one of their members is first used. A
 * bundle requires all that it imports before anything else, needed or not.
 */
export function lazyRequires(names: readonly string[]): string {
  return [
    "require = ((load) => (name) => {",
    `  if (!${JSON.stringify(names)}.includes(name)) return load(name);`,
    "  return new Proxy({}, { get: (_, member) => load(name)[member] });",
    "})(require);",
  ].join("\n");
}
