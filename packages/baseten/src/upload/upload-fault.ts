import { ChainsError } from "@truss-chains/errors";

interface ServiceFault {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const RUN_OUT = new Set(["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"]);
const OF_THE_UPLOAD = new Set(["NoSuchUpload", "AccessDenied", "InvalidPart", "NotFound"]);

/** Whether other credentials would help. */
export function haveRunOut(thrown: unknown): boolean {
  return RUN_OUT.has((thrown as ServiceFault).name);
}

/** Whether this upload cannot go on, while a new one could. */
export function isBeyondHelp(thrown: unknown): boolean {
  return OF_THE_UPLOAD.has((thrown as ServiceFault).name);
}

export function uploadFailed(what: string, thrown: unknown): ChainsError {
  const { name, message, $metadata } = thrown as ServiceFault;
  const status = $metadata?.httpStatusCode;
  const how = status === undefined ? message || name : `S3 answered ${name} (status ${status})`;
  return new ChainsError("UPLOAD_FAILED", `The upload of ${what} failed: ${how}.`, {
    fix: "Push again: what has arrived is not sent twice, and nothing was deployed.",
    cause: thrown,
  });
}
