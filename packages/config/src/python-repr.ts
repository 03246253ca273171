import { YamlBytes, YamlFloat, YamlMap, YamlPair, YamlSet, YamlTimestamp } from "./dialect/values.ts";
import { isRecord } from "./record.ts";

/** A value as Python's `str()` writes it, but booleans in lower case. The Truss loader does so with environment variables. */
export function pythonText(raw: unknown): string {
  if (typeof raw === "string") return raw;
  if (typeof raw === "boolean") return String(raw);
  if (raw instanceof YamlTimestamp) return raw.toPython();
  return pythonRepr(raw);
}

/** A value as Python's `repr()` writes it. */
function pythonRepr(raw: unknown): string {
  if (raw === null || raw === undefined) return "None";
  if (raw === true) return "True";
  if (raw === false) return "False";
  if (typeof raw === "string") return quoted(raw);
  if (typeof raw === "bigint") return String(raw);
  if (typeof raw === "number") return Number.isInteger(raw) ? BigInt(raw).toString() : floatRepr(raw);
  if (raw instanceof YamlFloat) return floatRepr(raw.value);
  if (raw instanceof YamlTimestamp) return timestampRepr(raw);
  if (raw instanceof YamlBytes) return bytesRepr(raw.bytes);
  if (raw instanceof YamlPair) return `(${pythonRepr(raw.key)}, ${pythonRepr(raw.value)})`;
  if (raw instanceof YamlSet)
    return raw.items.length === 0 ? "set()" : `{${raw.items.map(pythonRepr).join(", ")}}`;
  if (Array.isArray(raw)) return `[${raw.map(pythonRepr).join(", ")}]`;
  const entries = raw instanceof YamlMap ? raw.entries : isRecord(raw) ? Object.entries(raw) : [];
  return `{${entries.map(([key, value]) => `${pythonRepr(key)}: ${pythonRepr(value)}`).join(", ")}}`;
}

/** A float, which Python always writes with a point or an exponent. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const digits = mantissa.replace("-", "").replace(".", "");
  const sign = value < 0 ? "-" : "";
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\'"]|[^ -~]/gu, (char) => {
    if (char === quote) return `\\${char}`;
    const known = ESCAPES[char];
    if (known) return known;
    const code = char.codePointAt(0) as number;
    if (!/[\p{C}\p{Z}]/u.test(char)) return char;
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
    if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
    return `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return `${quote}${body}${quote}`;
}

function bytesRepr(bytes: Uint8Array): string {
  const hasSingle = bytes.includes(0x27);
  const quote = hasSingle && !bytes.includes(0x22) ? '"' : "'";
  let body = "";
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (char === quote) body += `\\${char}`;
    else if (ESCAPES[char]) body += ESCAPES[char];
    else body += byte >= 0x20 && byte < 0x7f ? char : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `b${quote}${body}${quote}`;
}

function timestampRepr({ fields }: YamlTimestamp): string {
  const { year, month, day, time } = fields;
  if (!time) return `datetime.date(${year}, ${month}, ${day})`;
  const parts = [year, month, day, time.hour, time.minute];
  if (time.second || time.microsecond) parts.push(time.second);
  if (time.microsecond) parts.push(time.microsecond);
  const zone = time.offsetSeconds === undefined ? "" : `, tzinfo=${zoneRepr(time.offsetSeconds)}`;
  return `datetime.datetime(${parts.join(", ")}${zone})`;
}

function zoneRepr(seconds: number): string {
  if (seconds === 0) return "datetime.timezone.utc";
  const delta = seconds < 0 ? `days=-1, seconds=${seconds + 86_400}` : `seconds=${seconds}`;
  return `datetime.timezone(datetime.timedelta(${delta}))`;
}
