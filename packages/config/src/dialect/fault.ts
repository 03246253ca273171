/** Why a text is no document that we read. Thrown inside the dialect; callers get it as a ChainsError. */
export class DocumentFault extends Error {
  readonly kind: "syntax" | "limit";
  readonly offset: number;
  readonly fix: string | undefined;
  constructor(kind: "syntax" | "limit", message: string, offset: number, fix?: string) {
    super(message);
    this.kind = kind;
    this.offset = offset;
    this.fix = fix;
  }
}
