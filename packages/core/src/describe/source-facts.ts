/** A place in a source file; line and column are 1-based. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

export interface SourceParameter extends SourcePlace {
  readonly name: string;
  readonly decorated: boolean;
}

/** `new Other()` inside a chainlet's body, or in a function of its module that the member uses. */
export interface SourceConstruction extends SourcePlace {
  readonly className: string;
  readonly member: string;
}

/**
 * What only the source text of a class tells: where things are, and what leaves no trace at run time. The compiler
 * attaches it to each class while it bundles a chain for discovery; a class that was loaded in another way has none.
 */
export interface SourceFacts extends SourcePlace {
  readonly file: string;
  readonly members: Readonly<Record<string, SourcePlace>>;
  /** Undefined when the class has no constructor of its own. */
  readonly constructorParameters: readonly SourceParameter[] | undefined;
  readonly constructions: readonly SourceConstruction[];
}

/** The name of the registered symbol of the static property that holds the facts. */
export const SOURCE_FACTS_KEY = "truss-chains.source";

const FACTS = Symbol.for(SOURCE_FACTS_KEY);

export function sourceFactsOf(cls: object): SourceFacts | undefined {
  return Object.hasOwn(cls, FACTS) ? (cls as { [FACTS]?: SourceFacts })[FACTS] : undefined;
}
