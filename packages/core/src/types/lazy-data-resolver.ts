/** How far the fetching of a chainlet's cached weights is. */
export interface WeightsProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/**
 * The weights of `assets.cached`, injected with `@resolver()`. Fetching starts in the background before the
 * constructor runs.
 */
export interface LazyDataResolver {
  /**
   * Resolves when every file is in place, with the directory that holds the volume folders; with the empty string
   * when the chainlet caches nothing. Rejects with the cause when fetching failed.
   */
  blockUntilDownloadComplete(options?: {
    readonly onProgress?: (progress: WeightsProgress) => void;
  }): Promise<string>;
  /** The directory of one `volumeFolder`. Its files are complete only after `blockUntilDownloadComplete()`. */
  path(volumeFolder: string): string;
}
