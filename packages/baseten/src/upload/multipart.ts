import type { FileHandle } from "node:fs/promises";
import type { CompletedPart, S3Client } from "@aws-sdk/client-s3";
import pMap from "p-map";
import { type Part, partsOf } from "./parts.ts";

export interface MultipartUpload {
  readonly s3: S3Client;
  readonly file: FileHandle;
  readonly bytes: number;
  readonly bucket: string;
  readonly key: string;
  readonly connections: number;
  readonly signal: AbortSignal;
  /** Called with the total that has arrived so far. */
  readonly onBytes: (arrived: number) => void;
}

/** Starts an upload of many parts. Its id is worth keeping: with it, the upload can be taken up again. */
export async function beginMultipart({ s3, bucket, key, signal }: MultipartUpload): Promise<string> {
  const { CreateMultipartUploadCommand } = await import("@aws-sdk/client-s3");
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket: bucket, Key: key, ContentType: "application/x-tar" }),
    { abortSignal: signal },
  );
  return UploadId!;
}

/** Uploads the parts that have not arrived yet, several at a time, and puts them together. */
export async function continueMultipart(upload: MultipartUpload, id: string): Promise<void> {
  const { CompleteMultipartUploadCommand, UploadPartCommand } = await import("@aws-sdk/client-s3");
  const { s3, file, bucket, key, connections, signal, onBytes } = upload;
  const known = await arrivedParts(upload, id);
  const parts = partsOf(upload.bytes);
  let arrived = 0;
  const completed = await pMap(
    parts,
    async (part): Promise<CompletedPart> => {
      let tag = known.get(part.number);
      if (tag === undefined) {
        const { ETag } = await s3.send(
          new UploadPartCommand({
            Bucket: bucket,
            Key: key,
            UploadId: id,
            PartNumber: part.number,
            Body: await readPart(file, part),
          }),
          { abortSignal: signal },
        );
        tag = ETag!;
      }
      arrived += part.bytes;
      onBytes(arrived);
      return { PartNumber: part.number, ETag: tag };
    },
    { concurrency: connections, signal },
  );
  await s3.send(
    new CompleteMultipartUploadCommand({
      Bucket: bucket,
      Key: key,
      UploadId: id,
      MultipartUpload: { Parts: completed },
    }),
    { abortSignal: signal },
  );
}

/** Frees what S3 keeps of an upload that is given up. */
export async function abortMultipart({ s3, bucket, key }: MultipartUpload, id: string): Promise<void> {
  const { AbortMultipartUploadCommand } = await import("@aws-sdk/client-s3");
  await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id }));
}

// By number, the tags of the parts that are there in full.
async function arrivedParts(
  { s3, bucket, key, bytes, signal }: MultipartUpload,
  id: string,
): Promise<ReadonlyMap<number, string>> {
  const { ListPartsCommand } = await import("@aws-sdk/client-s3");
  const expected = new Map(partsOf(bytes).map((part) => [part.number, part.bytes]));
  const tags = new Map<number, string>();
  // The marker is there on the last page too, so the library's own paginator would never end.
  for (let marker: string | undefined, more = true; more; ) {
    const page = await s3.send(
      new ListPartsCommand({ Bucket: bucket, Key: key, UploadId: id, PartNumberMarker: marker }),
      { abortSignal: signal },
    );
    for (const { PartNumber, ETag, Size } of page.Parts ?? [])
      if (PartNumber !== undefined && ETag !== undefined && Size === expected.get(PartNumber))
        tags.set(PartNumber, ETag);
    marker = page.NextPartNumberMarker;
    more = page.IsTruncated === true;
  }
  return tags;
}

/** The bytes of a part, all of them. */
export async function readPart(file: FileHandle, { offset, bytes }: Part): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await file.read(buffer, at, bytes - at, offset + at);
    if (bytesRead === 0) throw new RangeError("The archive is shorter than it was.");
    at += bytesRead;
  }
  return buffer;
}
