import { Distribution, type Series, Sum } from "./series.ts";

/** What is measured, under its Prometheus name. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
}

export type Labels = Readonly<Record<string, string | number>>;

/** Takes measurements. */
export interface Recorder {
  /**
   * What the measurements with these labels are added to: always the same. To be kept by whoever measures often. A
   * histogram takes seconds.
   */
  series(metric: Metric, labels?: Labels): Series;
}

/** A metric with all its figures. */
export interface Family {
  readonly metric: Metric;
  readonly all: { readonly labels: Labels; readonly series: Sum | Distribution }[];
}

const NO_LABELS: Labels = {};

/** Keeps what is measured, in memory. */
export class Meter implements Recorder {
  readonly #families = new Map<string, Family>();
  readonly #shown: (readonly [Metric, () => number])[] = [];
  readonly #included: (() => readonly Family[])[] = [];

  series(metric: Metric, labels: Labels = NO_LABELS): Sum | Distribution {
    let family = this.#families.get(metric.name);
    if (!family) {
      family = { metric, all: [] };
      this.#families.set(metric.name, family);
    }
    const known = family.all.find((one) => metric.labels.every((name) => one.labels[name] === labels[name]));
    if (known) return known.series;
    const series = metric.kind === "histogram" ? new Distribution() : new Sum();
    family.all.push({ labels, series });
    return series;
  }

  /** Shows a figure that is known at any time, such as the length of a queue; it is read when it is asked for. */
  show(gauge: Metric, read: () => number): void {
    this.#shown.push([gauge, read]);
  }

  /** Shows what something else measures; it is read when it is asked for. */
  include(read: () => readonly Family[]): void {
    this.#included.push(read);
  }

  /** The current figures. */
  families(): Family[] {
    const shown = this.#shown.map(([metric, read]) => ({
      metric,
      all: [{ labels: NO_LABELS, series: new Sum(read()) }],
    }));
    return [...this.#families.values(), ...shown, ...this.#included.flatMap((read) => read())];
  }
}
