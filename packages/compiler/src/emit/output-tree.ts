/** A file of the output: text that was made, or a file that is copied, mode included. */
export type OutputFile = { readonly text: string } | { readonly copyOf: string };

/** Every file of a build by its path, with "/", below the output directory. */
export type OutputTree = ReadonlyMap<string, OutputFile>;
