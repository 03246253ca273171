import { ChainsError } from "@truss-chains/errors";
import type { ByteLocation } from "../sources/fetcher.ts";
import type { TransferFile } from "./transfer-file.ts";

/** Where the bytes of one file are: asked for once, and again when that has expired or was refused. */
export class FileLocation {
  #known: Promise<ByteLocation> | undefined;

  /** @param verify whether the hashes that the origin offers are wanted, should the manifest know none */
  constructor(
    private readonly file: TransferFile,
    private readonly verify: boolean,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws ChainsError `WEIGHTS_CORRUPT` when the file has another size by now, `SOURCE_*` */
  async get(): Promise<ByteLocation> {
    this.#known ??= this.#ask(this.verify && this.file.expected === null);
    const asked = this.#known;
    const known = await asked;
    if (known.expiresAt === null || known.expiresAt > Date.now()) return known;
    // Many requests find it expired at once: the first of them asks.
    if (this.#known === asked) this.refresh();
    return this.#known;
  }

  /** Asks again, after a refusal or a redirect. */
  refresh(): void {
    this.#known = this.#ask(true);
    // Whoever needs it next gets the error.
    this.#known.catch(() => {});
  }

  async #ask(describe: boolean): Promise<ByteLocation> {
    const { fetcher, resolution, name, size } = this.file;
    const location = await fetcher.locate(resolution, { describe, signal: this.signal });
    if (location.size !== null && location.size !== size) {
      throw new ChainsError(
        "WEIGHTS_CORRUPT",
        `${name} has ${location.size} bytes at ${fetcher.label}, not the ${size} of the manifest.`,
        { fix: "It was changed after the manifest was made: build the manifest again." },
      );
    }
    return location;
  }
}
