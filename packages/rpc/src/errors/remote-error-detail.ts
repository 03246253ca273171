/** One line of the callee's own code on the way to where it threw; the outermost call comes first. */
export interface RemoteFrame {
  readonly filename: string;
  /** 1-based. */
  readonly lineno: number | null;
  /** The function. */
  readonly name: string;
  /** The source line, trimmed. */
  readonly line: string | null;
}

/** What a chainlet, Python or ours, says of the error that its endpoint raised. The names are those of the wire. */
export interface RemoteErrorDetail {
  readonly exception_cls_name: string;
  /** Null for classes that are built into the language. */
  readonly exception_module_name: string | null;
  readonly exception_message: string;
  readonly user_stack_trace: readonly RemoteFrame[];
}

/** As strict as the Python package: every field has to be there, with its own type. */
export function isRemoteErrorDetail(value: unknown): value is RemoteErrorDetail {
  if (typeof value !== "object" || value === null) return false;
  const detail = value as Partial<RemoteErrorDetail>;
  return (
    typeof detail.exception_cls_name === "string" &&
    isNullOr("string", detail.exception_module_name) &&
    typeof detail.exception_message === "string" &&
    Array.isArray(detail.user_stack_trace) &&
    detail.user_stack_trace.every(isRemoteFrame)
  );
}

function isRemoteFrame(value: unknown): value is RemoteFrame {
  if (typeof value !== "object" || value === null) return false;
  const frame = value as Partial<RemoteFrame>;
  return (
    typeof frame.filename === "string" &&
    isNullOr("number", frame.lineno) &&
    typeof frame.name === "string" &&
    isNullOr("string", frame.line)
  );
}

function isNullOr(type: "string" | "number", value: unknown): boolean {
  return value === null || typeof value === type;
}
