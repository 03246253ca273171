/** A question that only the person can answer: several accounts, teams or chains could be meant. */
export interface Choice {
  readonly what: "account" | "team" | "chain";
  readonly message: string;
  /** The best guess first. */
  readonly options: readonly string[];
}

/** Asks the person, who answers with one of the options. Without it, what is ambiguous is an error. */
export type Choose = (choice: Choice) => Promise<string>;
