/** An error as S3 answers it. */
export class S3Fault extends Error {
  readonly status: number;
  readonly code: string;
  /** The bucket's region, when the request went to another. */
  readonly region: string | undefined;

  constructor(status: number, code: string, message: string, region?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.region = region;
  }

  toXml(): string {
    const region = this.region === undefined ? "" : `<Region>${this.region}</Region>`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${this.code}</Code><Message>${this.message.replace(/[<&]/g, " ")}</Message>${region}</Error>`;
  }
}
