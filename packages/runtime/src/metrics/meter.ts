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
  /** Adds to a counter or gauge, or observes a histogram's value in seconds. */
  record(metric: Metric, value: number, labels: Labels): void;
}

/** Takes measurements, and shows them. */
export interface Meter extends Recorder {
  /** Shows a figure that is known at any time, such as the length of a queue; it is read when it is asked for. */
  show(gauge: Metric, read: () => number): void;
  /** The current figures, in Prometheus' text format. */
  expose(): Promise<Exposition>;
}

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/**
 * A meter whose registry is loaded with the first measurement, so that it costs the start nothing. What is measured
 * until then is kept and counted later.
 */
export function createMeter(load: () => Promise<Meter>): Meter {
  let registry: Meter | undefined;
  let early: (readonly [Metric, number, Labels])[] = [];
  const shown: (readonly [Metric, () => number])[] = [];
  let loading: Promise<Meter> | undefined;
  const start = async (): Promise<Meter> => {
    const loaded = await load();
    for (const [gauge, read] of shown) loaded.show(gauge, read);
    for (const [metric, value, labels] of early) loaded.record(metric, value, labels);
    early = [];
    registry = loaded;
    return loaded;
  };
  return {
    record(metric, value, labels) {
      if (registry) return registry.record(metric, value, labels);
      early.push([metric, value, labels]);
      loading ??= start();
    },
    show(gauge, read) {
      if (registry) registry.show(gauge, read);
      else shown.push([gauge, read]);
    },
    async expose() {
      loading ??= start();
      return (await loading).expose();
    },
  };
}
