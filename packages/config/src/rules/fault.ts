/** What is wrong with one value. The place is added later, from the path. */
export class Fault {
  readonly message: string;
  readonly fix: string | undefined;
  constructor(message: string, fix?: string) {
    this.message = message;
    this.fix = fix;
  }
}

const LONGEST_EXCERPT = 60;

/** A value of a user's file as it may appear in a message: quoted and cut to a readable length. */
export function quote(text: string): string {
  return JSON.stringify(excerpt(text));
}

export function excerpt(text: string): string {
  return text.length <= LONGEST_EXCERPT ? text : `${text.slice(0, LONGEST_EXCERPT - 1)}…`;
}
