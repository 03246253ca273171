import { ReadFault } from "./fault.ts";
import type { ReadJob } from "./job.ts";

/** The headers of a job's request, checked: a value from outside must not smuggle another line in. */
export function requestHeaders(job: ReadJob): Record<string, string> {
  const headers = {
    accept: "*/*",
    // The bytes as they are: offsets and hashes mean nothing in a compressed body.
    "accept-encoding": "identity",
    "user-agent": "truss-chains",
    ...(!job.whole && { range: `bytes=${job.start}-${job.end - 1}` }),
    ...job.headers,
  };
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw ReadFault.protocol(`the header ${JSON.stringify(name)} cannot be sent`);
    }
  }
  return headers;
}
