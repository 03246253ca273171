/**
 * The pieces of a body. When they end, `end` is called, once: after the last one, after a failure, or when the reader leaves.
 * That may be before the first: the `finally` of a generator would not run then.
 */
export function whenEnded(body: AsyncIterable<Uint8Array>, end: () => void): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const pieces = body[Symbol.asyncIterator]();
      let over = false;
      const finish = (): void => {
        if (over) return;
        over = true;
        end();
      };
      return {
        async next() {
          try {
            const result = await pieces.next();
            if (result.done) finish();
            return result;
          } catch (error) {
            finish();
            throw error;
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
