/** Shown when weights were fetched and nobody waited for them. */
export const NEVER_AWAITED = `Nobody has waited for the weights yet: their files may be read before they are complete.
Await them in the chainlet, before the first use:

  export class MyModel extends ChainletBase {
    constructor(@resolver() private readonly weights: LazyDataResolver) { super(); }
    @endpoint({ … })
    async runRemote(input) {
      const directory = await this.weights.blockUntilDownloadComplete();
      …
    }
  }`;
