import type { z } from "zod";
import { nonEmptyText, text } from "./scalar.ts";
import { section } from "./section.ts";

export const externalDataItem = section({
  url: nonEmptyText.describe("The file to download."),
  local_data_path: nonEmptyText.describe("Where it goes, relative to the data directory."),
  backend: text.default("http_public").describe("How it is downloaded."),
  name: text.nullable().default(null).describe("A name for the download."),
});
/** A file that the image build downloads into the data directory. */
export type ExternalDataItem = z.output<typeof externalDataItem>;
