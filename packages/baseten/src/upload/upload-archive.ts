import { open } from "node:fs/promises";
import { ChainsError } from "@truss-chains/errors";
import type { UploadTarget } from "../api/upload-credentials.ts";
import type { Archive } from "../archive/pack.ts";
import type { S3Settings } from "./aws-config.ts";
import {
  abortMultipart,
  beginMultipart,
  continueMultipart,
  type MultipartUpload,
  readPart,
} from "./multipart.ts";
import { SINGLE_REQUEST_BYTES } from "./parts.ts";
import { openS3 } from "./s3-client.ts";
import { haveRunOut, isBeyondHelp, uploadFailed } from "./upload-fault.ts";

/** An upload of many parts that was begun before. */
export interface BegunUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

export interface UploadOptions {
  readonly archive: Archive;
  /** For messages. */
  readonly name: string;
  /** A new place with new credentials. */
  readonly newTarget: () => Promise<UploadTarget>;
  readonly settings: S3Settings;
  /** An upload of the same archive to go on with. */
  readonly begun?: BegunUpload | undefined;
  /** Told when an upload of many parts has begun, and with undefined when it is no more. */
  readonly onBegun?: (begun: BegunUpload | undefined) => Promise<void>;
  readonly onBytes?: (arrived: number) => void;
  /** Milliseconds without a sign of life before a request is sent again; two minutes by default. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const CONNECTIONS = 8;
const TIMEOUT_MS = 120_000;
/** Credentials that bring nothing forward, one after the other, before the upload is given up. */
const FRUITLESS = 3;

/**
 * Uploads an archive and tells the key that it has in the bucket. Parts are sent in parallel and each is retried. When
 * the credentials run out, new ones take over, and what has arrived stays where they may reach it.
 *
 * @throws ChainsError `UPLOAD_FAILED`; `INTERRUPTED` after the signal, with nothing left behind.
 */
export async function uploadArchive(options: UploadOptions): Promise<string> {
  const {
    archive,
    name,
    newTarget,
    settings,
    onBegun = async () => {},
    timeoutMs = TIMEOUT_MS,
    signal,
  } = options;
  const file = await open(archive.file, "r");
  let { begun } = options;
  let furthest = 0;
  try {
    for (let fruitless = 1; ; fruitless++) {
      const target = await newTarget();
      const { bucket, key } = begun ?? target;
      const s3 = await openS3(target, settings, { connections: CONNECTIONS, timeoutMs, signal });
      const upload: MultipartUpload = {
        s3,
        file,
        bytes: archive.bytes,
        bucket,
        key,
        connections: CONNECTIONS,
        signal: signal ?? new AbortController().signal,
        onBytes: (arrived) => {
          if (arrived > furthest) fruitless = 0;
          furthest = Math.max(furthest, arrived);
          options.onBytes?.(arrived);
        },
      };
      try {
        if (archive.bytes < SINGLE_REQUEST_BYTES) {
          await putWhole(upload);
        } else {
          if (!begun) {
            begun = { bucket, key, uploadId: await beginMultipart(upload) };
            await onBegun(begun);
          }
          await continueMultipart(upload, begun.uploadId);
          await onBegun(undefined);
        }
        return key;
      } catch (thrown) {
        if (signal?.aborted) {
          await giveUp(upload, begun, onBegun);
          throw interrupted(thrown);
        }
        const goesOn = fruitless < FRUITLESS;
        if (goesOn && haveRunOut(thrown)) continue;
        if (!goesOn || !begun || !isBeyondHelp(thrown)) throw uploadFailed(name, thrown, timeoutMs);
        begun = undefined;
        await onBegun(undefined);
      } finally {
        s3.destroy();
      }
    }
  } finally {
    await file.close();
  }
}

async function putWhole({ s3, file, bytes, bucket, key, signal, onBytes }: MultipartUpload): Promise<void> {
  const { PutObjectCommand } = await import("@aws-sdk/client-s3");
  const body = await readPart(file, { number: 1, offset: 0, bytes });
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: body,
    ContentType: "application/x-tar",
  });
  await s3.send(command, { abortSignal: signal });
  onBytes(bytes);
}

async function giveUp(
  upload: MultipartUpload,
  begun: BegunUpload | undefined,
  onBegun: (begun: undefined) => Promise<void>,
): Promise<void> {
  if (!begun) return;
  // Parts that could not be freed cost a little until S3's own rules remove them; the next push may use them.
  const freed = await abortMultipart(upload, begun.uploadId).then(
    () => true,
    () => false,
  );
  if (freed) await onBegun(undefined);
}

function interrupted(cause: unknown): ChainsError {
  return new ChainsError("INTERRUPTED", "The upload was stopped; nothing was deployed.", {
    fix: "Push again: what has arrived is not sent twice.",
    cause,
  });
}
