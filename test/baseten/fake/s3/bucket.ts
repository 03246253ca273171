import { createHash, randomUUID } from "node:crypto";
import { S3Fault } from "./s3-fault.ts";

interface Upload {
  readonly key: string;
  readonly parts: Map<number, Buffer>;
}

const MIN_PART = 5 * 1024 * 1024;

/** What S3 keeps: objects, and multipart uploads that are under way. */
export class Bucket {
  readonly objects = new Map<string, Buffer>();
  readonly uploads = new Map<string, Upload>();

  put(key: string, body: Buffer): string {
    this.objects.set(key, body);
    return etag(body);
  }

  begin(key: string): string {
    const id = randomUUID();
    this.uploads.set(id, { key, parts: new Map() });
    return id;
  }

  putPart(id: string, key: string, number: number, body: Buffer): string {
    if (!Number.isInteger(number) || number < 1 || number > 10_000)
      throw new S3Fault(400, "InvalidArgument", "Part number must be an integer between 1 and 10000.");
    this.#upload(id, key).parts.set(number, body);
    return etag(body);
  }

  listParts(id: string, key: string): { number: number; etag: string; size: number }[] {
    return [...this.#upload(id, key).parts]
      .map(([number, body]) => ({ number, etag: etag(body), size: body.length }))
      .sort((left, right) => left.number - right.number);
  }

  complete(id: string, key: string, told: readonly { number: number; etag: string }[]): string {
    const { parts } = this.#upload(id, key);
    if (told.length === 0) throw new S3Fault(400, "MalformedXML", "No parts are listed.");
    const bodies = told.map(({ number, etag: toldTag }, index) => {
      const body = parts.get(number);
      if (!body || etag(body) !== toldTag)
        throw new S3Fault(400, "InvalidPart", `Part ${number} is not as listed.`);
      if (index > 0 && told[index - 1]!.number >= number)
        throw new S3Fault(400, "InvalidPartOrder", "The parts are not in ascending order.");
      if (index < told.length - 1 && body.length < MIN_PART)
        throw new S3Fault(400, "EntityTooSmall", `Part ${number} is smaller than the minimum.`);
      return body;
    });
    this.uploads.delete(id);
    const digests = bodies.map((body) => createHash("md5").update(body).digest());
    this.objects.set(key, Buffer.concat(bodies));
    return `"${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-${bodies.length}"`;
  }

  abort(id: string, key: string): void {
    this.#upload(id, key);
    this.uploads.delete(id);
  }

  #upload(id: string, key: string): Upload {
    const upload = this.uploads.get(id);
    if (!upload || upload.key !== key) throw new S3Fault(404, "NoSuchUpload", "The upload does not exist.");
    return upload;
  }
}

function etag(body: Buffer): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}
