import { endpointFrom } from "./endpoint.ts";
import type { SourceContext, WeightsFetcher } from "./fetcher.ts";
import { s3Fetcher } from "./s3.ts";

export interface R2Options {
  readonly label: string;
  readonly account: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly secretName: string | null;
}

/** Cloudflare R2: S3's protocol at a host of the account. `CHAINS_R2_ENDPOINT` replaces that host. */
export function r2Fetcher({ account, ...options }: R2Options, context: SourceContext): WeightsFetcher {
  const endpoint =
    endpointFrom(context.env, "CHAINS_R2_ENDPOINT") ?? `https://${account}.r2.cloudflarestorage.com`;
  return s3Fetcher({ ...options, endpoint, region: "auto" }, context);
}
