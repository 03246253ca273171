import { pythonStrip } from "../python-text.ts";

const VERSION =
  /^v?(?:\d+!)?\d+(?:\.\d+)*(?:[._-]?(?:alpha|a|beta|b|preview|pre|c|rc)[._-]?\d*)?(?:-\d+|[._-]?(?:post|rev|r)[._-]?\d*)?(?:[._-]?dev[._-]?\d*)?(?:\+[a-z0-9]+(?:[._-][a-z0-9]+)*)?$/i;

/** True for version numbers of Python packages, as PEP 440 spells them. */
export function isPep440(version: string): boolean {
  return VERSION.test(pythonStrip(version));
}
