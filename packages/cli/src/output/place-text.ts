import { formatLocation, type Location } from "@truss-chains/errors";
import { shortPath } from "./short-path.ts";

/** A place as people write it: the file relative to where they are, when it is below. */
export function placeText(location: Location | undefined): string {
  if (!location?.file) return formatLocation(location);
  return formatLocation({ ...location, file: shortPath(location.file) });
}
