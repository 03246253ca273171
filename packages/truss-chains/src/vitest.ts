/** The part of a Vite plugin that is used here; kept structural, so that Vite itself is no dependency. */
interface VitePlugin {
  readonly name: string;
  config(this: { readonly meta?: { readonly rolldownVersion?: string } } | void): Record<string, unknown>;
}

/**
 * The vitest plugin: chainlets use parameter decorators, which Vite only compiles when it is told to, whatever the
 * project's tsconfig says.
 */
export function trussChains(): VitePlugin {
  return {
    name: "truss-chains",
    config() {
      // Vite compiles TypeScript with oxc since it bundles with rolldown, and with esbuild before that.
      if (this?.meta?.rolldownVersion !== undefined) return { oxc: { decorator: { legacy: true } } };
      return { esbuild: { tsconfigRaw: { compilerOptions: { experimentalDecorators: true } } } };
    },
  };
}
