/**
 * Who has to act: `input`, the user's source, config or data is wrong; `usage`, the command line or API call is
 * wrong; `remote`, something outside this process failed; `bug`, we did.
 */
export type Blame = "input" | "usage" | "remote" | "bug";

export interface CatalogueEntry {
  /** A few words, shown as the headline. */
  readonly title: string;
  readonly blame: Blame;
}

export type Catalogue = Readonly<Record<string, CatalogueEntry>>;
