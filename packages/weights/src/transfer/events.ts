/** What a transfer tells while it runs; plain data, fit for one line of JSON each. Sizes are bytes. */
export type TransferEvent =
  | { readonly type: "start"; readonly files: number; readonly bytes: number }
  | { readonly type: "waiting"; readonly pid: number; readonly target: string }
  /** Bytes of this file that were there already. */
  | { readonly type: "file-start"; readonly file: string; readonly bytes: number; readonly resumed: number }
  | {
      readonly type: "file-done";
      readonly file: string;
      readonly bytes: number;
      readonly seconds: number;
      readonly from: "present" | "cache" | "origin";
      /** The kind of hash that was compared; `null` when the source offers none. */
      readonly verified: string | null;
    }
  | { readonly type: "retry"; readonly file: string; readonly reason: string; readonly waitMs: number }
  | { readonly type: "warning"; readonly message: string }
  | TransferProgress
  | { readonly type: "done"; readonly files: number; readonly bytes: number; readonly seconds: number };

export interface TransferProgress {
  readonly type: "progress";
  /** In place or received so far. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
  /** Over the last seconds. */
  readonly bytesPerSecond: number;
  /** `null` while there is nothing to tell it from. */
  readonly secondsLeft: number | null;
  /** Files in progress, largest share of the remaining work first. */
  readonly current: readonly { readonly file: string; readonly bytes: number; readonly size: number }[];
}

export type OnTransferEvent = (event: TransferEvent) => void;
