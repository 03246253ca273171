import type { Mutation } from "./mutations.ts";
import type { Random } from "./random.ts";

/** Pieces that scalars of YAML 1.1 are made of. */
const SCALAR_PIECES = [
  "0",
  "1",
  "7",
  "8",
  "12",
  "60",
  "2024",
  "-",
  "+",
  ".",
  "_",
  ":",
  "e",
  "E",
  "x",
  "o",
  "b",
  "0x",
  "0b",
  "0o",
  "T",
  "Z",
  " ",
  "inf",
  "Inf",
  ".nan",
  "yes",
  "No",
  "ON",
  "null",
  "~",
  "=",
  "<<",
  "y",
  "n",
  "true",
  "F",
  "-01-02",
  "10:20:30",
  "+05:30",
  ".5",
  "e+3",
  "999999999999999999",
];
const SCALAR_TAGS = [
  "",
  "",
  "",
  "",
  "!!int ",
  "!!float ",
  "!!bool ",
  "!!null ",
  "!!str ",
  "!!timestamp ",
  "!!binary ",
  "! ",
  "!<tag:yaml.org,2002:int> ",
  "!x ",
];
const SCALAR_FRAMES = [
  "model_metadata: {a: @}",
  "environment_variables: {a: @}",
  "environment_variables: {a: [@]}",
  "runtime: {predict_concurrency: @}",
  "runtime: {enable_debug_logs: @}",
  "resources: {cpu: @}",
  "model_name: @",
  "secrets: {@: x}",
  "model_metadata: {a: {@: x}}",
  "runtime: {transport: {kind: websocket, ping_timeout_seconds: @}}",
];

/** Configs with one odd scalar each. */
export function scalarConfigs(random: Random, count: number): Mutation[] {
  return Array.from({ length: count }, () => {
    let scalar = "";
    for (let pieces = 1 + random.below(5); pieces > 0; pieces--) scalar += random.pick(SCALAR_PIECES);
    const quoted = random.below(6) === 0 ? JSON.stringify(scalar) : scalar;
    const yaml = random.pick(SCALAR_FRAMES).replace("@", random.pick(SCALAR_TAGS) + quoted);
    return { name: yaml, yaml };
  });
}

const PIECES = [
  "\t",
  " ",
  "  ",
  "\n",
  "\n  ",
  "\n    ",
  "\n- ",
  "\n  - ",
  ": ",
  ":",
  "- ",
  "-",
  "? ",
  "?",
  "#c",
  " #c",
  "'",
  "''",
  '"',
  '\\"',
  "[",
  "]",
  "{",
  "}",
  ",",
  "&a ",
  "*a ",
  "*a",
  "!",
  "!!str ",
  "!!int ",
  "! ",
  "|",
  ">",
  "|-\n   ",
  ">+2\n    ",
  "|1",
  "a",
  "b: c",
  "x",
  "10",
  "1.5",
  "yes",
  "~",
  "=",
  "%",
  "@",
  "---\n",
  "\n...\n",
  "\r\n",
  "\r",
  "\\n",
  "\\x41",
  "\u0085",
  "\u2028",
  "\ufeff",
  "é",
  "1:30",
  "2024-01-01",
  "0x1f",
  "\n\n",
  "   # x\n",
  "!!set ",
  "!!omap ",
  "!!map ",
  "!!seq ",
  "%YAML 1.1\n",
  "%TAG ! tag:x:\n",
];
const FRAMES = [
  "model_metadata:\n  x: ",
  "model_metadata: {x: ",
  "",
  "model_name: ",
  "requirements:\n- ",
  "secrets:\n  ? ",
];

/** Pieces of YAML strung together without sense. */
export function documentFragments(random: Random, count: number): Mutation[] {
  return Array.from({ length: count }, () => {
    const frame = random.pick(FRAMES);
    let yaml = frame;
    for (let pieces = 1 + random.below(9); pieces > 0; pieces--) yaml += random.pick(PIECES);
    if (frame.endsWith("{x: ") && random.below(2) === 0) yaml += "}";
    return { name: JSON.stringify(yaml), yaml };
  });
}

/** Files with a few characters lost or added, or a line indented anew. */
export function damaged(texts: readonly string[], random: Random, count: number): Mutation[] {
  return Array.from({ length: count }, (_, index) => {
    let yaml = random.pick(texts);
    for (let steps = 1 + random.below(2); steps > 0; steps--) yaml = damage(yaml, random);
    return { name: `damaged ${index}`, yaml };
  });
}

function damage(text: string, random: Random): string {
  const at = random.below(text.length);
  const kind = random.below(4);
  if (kind === 0) return text.slice(0, at) + text.slice(at + 1 + random.below(4));
  if (kind < 3) return text.slice(0, at) + random.pick(PIECES) + text.slice(at);
  const lines = text.split("\n");
  const row = random.below(lines.length);
  lines[row] = " ".repeat(random.below(5)) + (lines[row] ?? "").slice(random.below(3));
  return lines.join("\n");
}
