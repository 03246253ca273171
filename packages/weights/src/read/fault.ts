/** Why a range was not read, as plain data that crosses threads. */
export type Fault =
  /** The origin answered with a status that is no success. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly retryAfterMs: number | null;
    }
  /** The origin sent the request elsewhere. */
  | { readonly kind: "redirect" }
  /** The origin answered a range with the whole file. */
  | { readonly kind: "no-ranges" }
  /** The answer is one that only a full HTTP client understands. */
  | { readonly kind: "unusual" }
  /** The origin says one thing and does another; repeating is pointless after a few times. */
  | { readonly kind: "protocol"; readonly message: string }
  /** The connection failed or ended early. */
  | { readonly kind: "network"; readonly code: string; readonly message: string }
  | { readonly kind: "stall" }
  /** Writing failed. */
  | { readonly kind: "disk"; readonly code: string; readonly message: string }
  | { readonly kind: "closed" };

/** A {@link Fault} as an exception: it stays inside this package. */
export class ReadFault extends Error {
  /** @param etag of the version that was being read; `null` when the origin had not told */
  constructor(
    readonly fault: Fault,
    readonly etag: string | null = null,
  ) {
    super(fault.kind);
  }

  static network(error: unknown): ReadFault {
    if (error instanceof ReadFault) return error;
    const { code = "UNKNOWN", message = String(error) } = error as { code?: string; message?: string };
    return new ReadFault({ kind: "network", code, message });
  }

  /** The same fault, of this version. */
  of(etag: string | null): ReadFault {
    return new ReadFault(this.fault, etag);
  }

  static disk(error: unknown): ReadFault {
    const { code = "UNKNOWN", message } = error as NodeJS.ErrnoException;
    return new ReadFault({ kind: "disk", code, message });
  }

  static protocol(message: string): ReadFault {
    return new ReadFault({ kind: "protocol", message });
  }
}
