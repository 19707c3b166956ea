/** Pieces that remember that they failed, so that a failure of who reads them can be told from one of their own. */
export interface Source {
  pieces: AsyncIterable<Uint8Array>;
  /** What the pieces threw, when they did; else what `otherwise` makes of the error. */
  explain: (error: unknown, otherwise: (error: unknown) => unknown) => unknown;
}

export function sourceOf(pieces: AsyncIterable<Uint8Array>): Source {
  const thrown: unknown[] = [];
  async function* noting(): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces;
    } catch (error) {
      thrown.push(error);
      throw error;
    }
  }
  return {
    pieces: noting(),
    explain: (error, otherwise) => (thrown.length > 0 ? thrown[0] : otherwise(error)),
  };
}
