/**
 * The pieces of a body. When they end, `end` is called, once: after the last one, after a failure, or when the reader leaves.
 * That may be before the first: the `finally` of a generator would not run then.
 *
 * @param end is given the failure, if there was one
 */
export function whenEnded(
  body: AsyncIterable<Uint8Array>,
  end: (failure?: { readonly reason: unknown }) => void,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const pieces = body[Symbol.asyncIterator]();
      let over = false;
      const finish = (failure?: { readonly reason: unknown }): void => {
        if (over) return;
        over = true;
        end(failure);
      };
      return {
        async next() {
          try {
            const result = await pieces.next();
            if (result.done) finish();
            return result;
          } catch (reason) {
            finish({ reason });
            throw reason;
          }
        },
        async return() {
          try {
            await pieces.return?.();
          } finally {
            finish();
          }
          return { done: true, value: undefined };
        },
      };
    },
  };
}
