import type { z } from "zod";
import { Fault, quote } from "../rules/fault.ts";
import { list } from "./collection.ts";
import { textWhere } from "./scalar.ts";
import { section } from "./section.ts";

const LABEL = "[a-zA-Z0-9*](?:[a-zA-Z0-9*-]{0,61}[a-zA-Z0-9*])?";
// Truss's own pattern lets one line break at the end pass.
const FQDN = new RegExp(`^${LABEL}(?:\\.${LABEL})*\\n?$`);
const OCTET = /^(?:0|[1-9]\d{0,2})$/;

function toAddress(value: string): number | undefined {
  const octets = value.split(".");
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255))
    return undefined;
  return octets.reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function isPrefix(value: string): boolean {
  if (/^\d+$/.test(value)) return Number(value) <= 32;
  const mask = toAddress(value);
  if (mask === undefined) return false;
  // A netmask is ones, then zeros; a host mask is the reverse.
  const bits = mask.toString(2).padStart(32, "0");
  return /^(?:1*0*|0*1*)$/.test(bits);
}

/** Checks an IPv4 address or network: `1.2.3.4`, `10.0.0.0/8`. */
function checkIpRange(value: string): Fault | undefined {
  const [address = "", prefix, ...rest] = value.split("/");
  if (toAddress(address) !== undefined && rest.length === 0 && (prefix === undefined || isPrefix(prefix))) {
    return undefined;
  }
  return address.includes(":")
    ? new Fault(`${quote(value)} is IPv6, which is not supported.`, "Use IPv4 addresses and networks only.")
    : new Fault(`${quote(value)} is not an IPv4 address or network.`, 'Write, for example, "10.0.0.0/8".');
}

/** Checks a domain name, in which `*` may stand anywhere in a label. */
function checkDomain(value: string): Fault | undefined {
  if (FQDN.test(value)) return undefined;
  return new Fault(
    value === "" ? "The domain name is empty." : `${quote(value)} is not a domain name.`,
    'Write a host without scheme, port or path, such as "huggingface.co" or "*.example.com".',
  );
}

export const egressRestrictions = section({
  ip_allow_list: list(textWhere(checkIpRange))
    .nullable()
    .default(null)
    .describe("IPv4 addresses and networks that may be reached.")
    .meta({ examples: [["1.1.1.1", "8.8.8.8/32"]] }),
  fqdn_allow_list: list(textWhere(checkDomain))
    .nullable()
    .default(null)
    .describe("Domain names that may be reached; * may stand anywhere in a label.")
    .meta({ examples: [["*.example.com", "huggingface.co"]] }),
});
export type EgressRestrictions = z.output<typeof egressRestrictions>;
