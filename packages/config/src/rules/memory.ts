const UNITS = ["k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** What is wrong with an amount of memory such as `2Gi`; undefined when nothing is. */
export function checkMemory(value: string): string | undefined {
  const match = /^(\d+(?:\.\d*)?|\.\d+)([a-zA-Z]*)$/.exec(value);
  if (!match) return `must be a number with a unit, such as 512Mi or 2Gi; got "${value}".`;
  const unit = match[2]!;
  if (unit === "" || UNITS.includes(unit)) return undefined;
  return `has the unknown unit "${unit}"; known: ${UNITS.join(", ")}.`;
}
