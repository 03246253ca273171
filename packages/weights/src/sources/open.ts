import type { Pointer } from "../manifest/pointer.ts";
import { azureFetcher } from "./azure.ts";
import { coreWeaveFetcher } from "./coreweave.ts";
import type { SourceContext, WeightsFetcher } from "./fetcher.ts";
import { gcsFetcher } from "./gcs.ts";
import { httpsFetcher } from "./https.ts";
import { hubUrlFetcher, huggingFaceFetcher, isHubUrl } from "./huggingface.ts";
import { r2Fetcher } from "./r2.ts";
import { type SourceReference, sourceLabel } from "./reference.ts";
import { s3Fetcher } from "./s3.ts";

/** The fetcher of a source. @param secretName `null` when the source was configured without one */
export function openSource(
  reference: SourceReference,
  secretName: string | null,
  context: SourceContext,
): WeightsFetcher {
  const label = sourceLabel(reference);
  switch (reference.provider) {
    case "hf":
      return huggingFaceFetcher({ ...reference, secretName: secretName ?? "hf_access_token" }, context);
    case "s3":
      return s3Fetcher({ label, ...reference, endpoint: null, region: null, secretName }, context);
    case "cw":
      return coreWeaveFetcher({ label, ...reference, secretName }, context);
    case "r2":
      return r2Fetcher({ label, ...reference, secretName }, context);
    case "gcs":
      return gcsFetcher({ label, ...reference, secretName }, context);
    case "azure":
      return azureFetcher({ label, ...reference, secretName }, context);
    case "https":
      return httpsFetcher({ url: reference.url, secretName }, context);
  }
}

/** Opens the sources that manifests point into, each bucket and secret once. */
export class PointerSources {
  readonly #open = new Map<string, WeightsFetcher>();

  constructor(private readonly context: SourceContext) {}

  fetcherFor(pointer: Pointer): WeightsFetcher {
    const { resolution, runtime_secret_name: secretName } = pointer;
    const { context } = this;
    switch (resolution.resolution_type) {
      case "http":
        return isHubUrl(resolution.url, context.env)
          ? this.#once(["hub", secretName], () => hubUrlFetcher(secretName, context))
          : this.#once(["http"], () => httpsFetcher({ secretName: null }, context));
      case "s3": {
        const { bucket_name: bucket, region, endpoint = null } = resolution;
        return this.#once(["s3", bucket, region, endpoint, secretName], () =>
          s3Fetcher({ label: `s3://${bucket}`, bucket, prefix: "", endpoint, region, secretName }, context),
        );
      }
      case "gcs": {
        const bucket = resolution.bucket_name;
        return this.#once(["gcs", bucket, secretName], () =>
          gcsFetcher({ label: `gs://${bucket}`, bucket, prefix: "", secretName }, context),
        );
      }
      case "azure": {
        const { account_name: account, container_name: container } = resolution;
        return this.#once(["azure", account, container, secretName], () =>
          azureFetcher(
            { label: `azure://${account}/${container}`, account, container, prefix: "", secretName },
            context,
          ),
        );
      }
    }
  }

  #once(key: readonly unknown[], open: () => WeightsFetcher): WeightsFetcher {
    const name = JSON.stringify(key);
    const fetcher = this.#open.get(name) ?? open();
    this.#open.set(name, fetcher);
    return fetcher;
  }
}
