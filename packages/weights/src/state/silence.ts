/** How long an owner has not been heard of. */
export class Silence {
  #heard = "";
  #heardAt = 0;

  constructor(private readonly mostMs: number) {}

  /** @param beat the time of the owner's last sign of life, by a clock that may be wrong */
  isTooLong(token: string, beat: number): boolean {
    const heard = `${token} ${beat}`;
    const now = performance.now();
    if (heard !== this.#heard) {
      this.#heard = heard;
      this.#heardAt = now;
    }
    // A sign from the future would keep others waiting until then: none that is new counts as silence, too.
    return Date.now() - beat > this.mostMs || now - this.#heardAt > this.mostMs;
  }
}
