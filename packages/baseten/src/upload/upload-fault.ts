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

/** @param timeoutMs of silence, after which a request was given up. */
export function uploadFailed(what: string, thrown: unknown, timeoutMs: number): ChainsError {
  const { name, message, $metadata } = thrown as ServiceFault;
  const status = $metadata?.httpStatusCode;
  const silence = `S3 said nothing for ${timeoutMs / 1000} seconds, several times over`;
  const how =
    status !== undefined
      ? `S3 answered ${name} (status ${status})`
      : name === "TimeoutError"
        ? silence
        : message || name;
  return new ChainsError("UPLOAD_FAILED", `The upload of ${what} failed: ${how}.`, {
    fix: "Push again: what has arrived is not sent twice, and nothing was deployed.",
    cause: thrown,
  });
}
