import { freePorts } from "./free-ports.ts";

/** Which chainlet listens where. A chainlet keeps its port for as long as nobody else must have it. */
export class Ports {
  readonly #byName = new Map<string, number>();

  of(name: string): number {
    return this.#byName.get(name)!;
  }

  /**
   * Gives each of the chainlets a port.
   *
   * @param fixed who must have which one.
   * @returns the chainlets whose port is new.
   */
  async assign(names: readonly string[], fixed?: { name: string; port: number }): Promise<readonly string[]> {
    const moved = fixed === undefined ? [] : this.#give(fixed.name, fixed.port);
    const without = names.filter((name) => !this.#byName.has(name));
    const free = await freePorts(without.length);
    for (const [index, name] of without.entries()) this.#byName.set(name, free[index]!);
    return [...moved, ...without];
  }

  #give(name: string, port: number): string[] {
    if (this.#byName.get(name) === port) return [];
    const [former] = [...this.#byName].find(([, taken]) => taken === port) ?? [];
    if (former !== undefined) this.#byName.delete(former);
    this.#byName.set(name, port);
    return former === undefined ? [name] : [name, former];
  }
}
