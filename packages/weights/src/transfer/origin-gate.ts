/** When each origin may be asked again, after it said that it is too much. Milliseconds of `performance.now()`. */
export class OriginGate {
  readonly #closedUntil = new Map<string, number>();

  closeFor(url: string, milliseconds: number, now: number): void {
    const origin = new URL(url).origin;
    this.#closedUntil.set(origin, Math.max(this.#closedUntil.get(origin) ?? 0, now + milliseconds));
  }

  opensAt(url: string): number {
    return this.#closedUntil.get(new URL(url).origin) ?? 0;
  }
}
