/** How a dependency is reached: where it is, and how it may be called. */
export interface ServiceDescriptor {
  /** Class name. */
  readonly name: string;
  /** `RemoteConfig.name`, or the class name. */
  readonly displayName: string;
  /** Public address; absent when only the internal one is known. */
  readonly predictUrl?: string;
  /** Address inside the platform, which stubs prefer: the request goes to `url`, with `hostname` as its Host header. */
  readonly internalUrl?: { readonly url: string; readonly hostname: string };
  /** How stubs call it. */
  readonly options: ResolvedRPCOptions;
}

/** The options of a dependency with every default filled in. */
export interface ResolvedRPCOptions {
  /** Attempts in total: 1 means no retry. */
  readonly retries: number;
  /** Seconds that one attempt may take. */
  readonly timeoutSec: number;
  /** msgpack with typed arrays in place of JSON. */
  readonly useBinary: boolean;
  /** Calls under way at a time, to this dependency, from this process. */
  readonly concurrencyLimit: number;
}

/** What the platform tells a chainlet about its deployment; injected with `@context()`. */
export interface DeploymentContext {
  /**
   * The secrets that the chainlet names in `assets.secretKeys`, by name. Reading another name, or one that has no
   * value, throws a `ChainsError` with code `SECRET_NOT_FOUND`.
   */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where the files of `dockerImage.dataDir` are; undefined when the chainlet has none. */
  readonly dataDir: string | undefined;
  /** The environment that the chain runs in, such as `production`; undefined outside of one. */
  readonly environment: { readonly name: string } | undefined;
  /**
   * Where a dependency is, for calls that its stub cannot make.
   *
   * @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` when the class is not a direct dependency.
   */
  getServiceDescriptor(className: string): ServiceDescriptor;
  /**
   * The key that calls within the chain are made with.
   *
   * @throws ChainsError `API_KEY_MISSING` when the platform gave none.
   */
  getBasetenApiKey(): string;
  /**
   * Where a weights mount location is on this machine: itself on the platform, a local directory under
   * `chains dev`.
   *
   * @throws ChainsError `WEIGHTS_MOUNT_UNKNOWN` when no weights of the chainlet are mounted there.
   */
  resolveMount(mountLocation: string): string;
}
