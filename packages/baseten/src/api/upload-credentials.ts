import { z } from "zod";
import type { Baseten } from "./baseten.ts";

/** Where one archive goes, and the right to put it there for a while. */
export interface UploadTarget {
  readonly bucket: string;
  readonly key: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

const target = z.object({
  s3_bucket: z.string(),
  s3_key: z.string(),
  aws_access_key_id: z.string(),
  aws_secret_access_key: z.string(),
  aws_session_token: z.string(),
});
const FIELDS = "{ s3_bucket s3_key aws_access_key_id aws_secret_access_key aws_session_token }";

/** A new place for a chainlet's archive (`model`) or for the chain's source (`chain`). */
export async function newUploadTarget({ graphql }: Baseten, kind: "model" | "chain"): Promise<UploadTarget> {
  const field = `${kind}_s3_upload_credentials`;
  const answer = await graphql.run(`query { ${field} ${FIELDS} }`, z.object({ [field]: target }));
  const found = answer[field]!;
  return {
    bucket: found.s3_bucket,
    key: found.s3_key,
    credentials: {
      accessKeyId: found.aws_access_key_id,
      secretAccessKey: found.aws_secret_access_key,
      sessionToken: found.aws_session_token,
    },
  };
}
