/** A logger bound to the request: every line carries its request and trace ids. */
export interface RequestLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** The call that is being served; the optional last parameter of `runRemote`. */
export interface RequestContext {
  /** Aborted when the caller goes away or the deadline passes. Calls to dependencies follow it by themselves. */
  readonly signal: AbortSignal;
  /** Of the request. */
  readonly headers: Headers;
  /** The platform's request id, or one made here. */
  readonly requestId: string;
  /** W3C trace context of this call. */
  readonly traceparent: string;
  /** When the answer is no longer wanted, in milliseconds since the epoch; undefined without a deadline. */
  readonly deadline: number | undefined;
  /** Writes lines that carry the ids of the request. */
  readonly log: RequestLog;
}
