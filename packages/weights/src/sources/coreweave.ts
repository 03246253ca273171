import { endpointFrom } from "./endpoint.ts";
import type { SourceContext, WeightsFetcher } from "./fetcher.ts";
import { s3Fetcher } from "./s3.ts";

export interface CoreWeaveOptions {
  readonly label: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly secretName: string | null;
}

/** CoreWeave AI Object Storage: S3's protocol. `CHAINS_CW_ENDPOINT` replaces its public endpoint. */
export function coreWeaveFetcher(options: CoreWeaveOptions, context: SourceContext): WeightsFetcher {
  const endpoint = endpointFrom(context.env, "CHAINS_CW_ENDPOINT") ?? "https://cwobject.com";
  return s3Fetcher({ ...options, endpoint, region: null }, context);
}
