import { stripVTControlCharacters } from "node:util";

/** Some lines on a terminal that are drawn again in place. */
export class LiveBlock {
  readonly #output: NodeJS.WriteStream;
  #height = 0;

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  draw(text: string): void {
    const lines = text.split("\n");
    const up = this.#height > 0 ? `\u001B[${this.#height}A` : "";
    this.#output.write(`${up}\r\u001B[0J${lines.join("\n")}\n`);
    this.#height = lines.reduce((rows, line) => rows + this.#rowsOf(line), 0);
  }

  // A terminal breaks what is wider than itself.
  #rowsOf(line: string): number {
    const { columns = Number.POSITIVE_INFINITY } = this.#output;
    return Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns));
  }

  /** Takes the picture away. */
  clear(): void {
    if (this.#height > 0) this.#output.write(`\u001B[${this.#height}A\r\u001B[0J`);
    this.#height = 0;
  }

  /** Leaves the last picture where it is. */
  keep(): void {
    this.#height = 0;
  }
}
