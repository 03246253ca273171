import { relative } from "node:path";
import { formatLocation, type Location } from "@truss-chains/errors";

/** A place as people write it: the file relative to where they are, when it is below. */
export function placeText(location: Location | undefined): string {
  if (!location?.file) return formatLocation(location);
  const short = relative(process.cwd(), location.file);
  return formatLocation({
    ...location,
    file: short.startsWith("..") || short === "" ? location.file : short,
  });
}
