import { ChainsError } from "@truss-chains/errors";
import { parse as parseYaml } from "yaml";
import { Fields } from "./fields.ts";
import { hashFault } from "./hash-fault.ts";
import {
  DEFAULT_SECRET_NAME,
  HASH_TYPES,
  type Manifest,
  type ManifestModel,
  MODEL_KINDS,
  type Pointer,
  type Resolution,
} from "./pointer.ts";

/**
 * Reads a manifest. JSON and YAML are both accepted for any path, as YAML holds JSON.
 *
 * @throws ChainsError `MANIFEST_INVALID`, naming file and field
 */
export function parseManifest(text: string, file: string): Manifest {
  const root = new Fields(parseDocument(text, file), file, []);
  return {
    pointers: root.list("pointers").map((item, i) => parsePointer(new Fields(item, file, ["pointers", i]))),
    models:
      root.raw("models") == null
        ? null
        : root.list("models").map((item, i) => parseModel(new Fields(item, file, ["models", i]))),
  };
}

function parseDocument(text: string, file: string): unknown {
  try {
    // JSON first: a manifest of ten thousand files takes the YAML reader seconds.
    return JSON.parse(text);
  } catch (jsonError) {
    try {
      return parseYaml(text, { maxAliasCount: 0 });
    } catch (cause) {
      const reason = file.endsWith(".json") ? jsonError : cause;
      throw new ChainsError("MANIFEST_INVALID", `${file} is not a manifest: ${firstLine(reason)}`, {
        fix: "Build the manifest again, or remove the file.",
        location: { file },
        cause,
      });
    }
  }
}

function firstLine(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
  // The YAML reader goes on with an excerpt.
  return `${line!.replace(/[.:]$/, "")}.`;
}

function parsePointer(fields: Fields): Pointer {
  const hash = fields.string("hash");
  const hashtype = fields.oneOf("hashtype", HASH_TYPES);
  const fault = hashFault(hashtype, hash);
  if (fault !== undefined) fields.refuse("hash", fault);
  return {
    resolution: parseResolution(fields.child("resolution")),
    uid: fields.string("uid"),
    file_name: fields.string("file_name"),
    hashtype,
    hash,
    size: fields.size("size"),
    last_modified_time: fields.nullableString("last_modified_time"),
    runtime_secret_name: fields.string("runtime_secret_name", DEFAULT_SECRET_NAME),
  };
}

function parseResolution(fields: Fields): Resolution {
  // Old manifests have no type: an object with these two keys is an HTTP one.
  const legacy = !fields.has("resolution_type") && fields.has("url") && fields.has("expiration_timestamp");
  const type = legacy ? "http" : fields.oneOf("resolution_type", ["http", "gcs", "s3", "azure"]);
  switch (type) {
    case "http": {
      const url = fields.string("url");
      if (!isHttpUrl(url)) fields.refuse("url", "is not an http or https URL");
      return {
        resolution_type: "http",
        url,
        expiration_timestamp: fields.integer("expiration_timestamp"),
      };
    }
    case "gcs":
      return {
        resolution_type: "gcs",
        path: fields.string("path"),
        bucket_name: fields.string("bucket_name"),
      };
    case "s3": {
      const endpoint = fields.nullableString("endpoint");
      if (endpoint !== null && !isHttpUrl(endpoint)) fields.refuse("endpoint", "is not an http or https URL");
      return {
        resolution_type: "s3",
        bucket_name: fields.string("bucket_name"),
        key: fields.string("key"),
        region: fields.nullableString("region"),
        ...(endpoint !== null && { endpoint }),
      };
    }
    case "azure": {
      const account = fields.string("account_name");
      // It becomes the first part of a host's name.
      if (!/^[\w-]+$/.test(account)) fields.refuse("account_name", "is no name of an account");
      return {
        resolution_type: "azure",
        account_name: account,
        container_name: fields.string("container_name"),
        blob_name: fields.string("blob_name"),
      };
    }
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function parseModel(fields: Fields): ManifestModel {
  const kind = fields.raw("kind") === "http" ? "hf" : fields.oneOf("kind", MODEL_KINDS);
  return {
    repo_id: fields.string("repo_id"),
    revision: fields.string("revision"),
    allow_patterns: fields.nullableStrings("allow_patterns"),
    ignore_patterns: fields.nullableStrings("ignore_patterns"),
    volume_folder: fields.string("volume_folder"),
    runtime_secret_name: fields.string("runtime_secret_name"),
    kind,
  };
}
