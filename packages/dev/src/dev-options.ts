import type { ChainsError } from "@truss-chains/errors";
import type { TransferEvent } from "@truss-chains/weights";
import type { ChainletState, CrashReport } from "./chainlet-process.ts";

export interface DevOptions {
  /** Class name; needed only where the source marks no entrypoint, or several. */
  readonly entrypoint?: string | undefined;
  /** Port of the entrypoint; a free one when undefined. */
  readonly port?: number | undefined;
  /** Reload what changes. */
  readonly watch: boolean;
  readonly envFile?: string;
  /** Addresses of chainlets that this machine cannot run, by class name or display name. */
  readonly services?: Readonly<Record<string, string>>;
  readonly reporter: DevReporter;
  /** Gives up a start that is under way, which then rejects. What runs is ended by `close()`. */
  readonly signal?: AbortSignal;
  /** Milliseconds of starting after which a chainlet is reported as slow, again and again; 10 seconds by default. */
  readonly slowStartMs?: number;
}

/** What a session tells while it goes on. */
export interface DevReporter {
  /** A chainlet wrote a line. */
  onLine(chainlet: string, line: string): void;
  onState(chainlet: string, state: ChainletState, crash?: CrashReport): void;
  /** Source changed and these chainlets are being started again; possibly none. */
  onReload(chainlets: readonly string[]): void;
  /** Source changed and does not build: what ran before goes on. */
  onBroken(error: ChainsError): void;
  /** These chainlets are still starting: their constructors, weights or `isHealthy` have not finished. */
  onSlowStart(chainlets: readonly string[]): void;
  onMissingSecrets(names: readonly string[]): void;
  /** Weights of a chainlet are fetched before it is started. */
  onWeights(chainlet: string, event: TransferEvent): void;
  /** A chainlet that cannot run here is called at this address. */
  onForeign(chainlet: string, address: string): void;
}
