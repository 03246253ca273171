/** The last lines that a process wrote, for the report of its death. */
export class LastWords {
  readonly #limit: number;
  readonly #lines: string[] = [];

  constructor(limit = 20) {
    this.#limit = limit;
  }

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > this.#limit) this.#lines.shift();
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}
