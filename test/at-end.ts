export type AtEnd = (close: () => unknown) => void;

/** Closes what was opened, the last first; a failure does not keep the others from being closed. */
export async function closeAll(closing: (() => unknown)[]): Promise<void> {
  const faults: unknown[] = [];
  for (const close of closing.splice(0).toReversed()) {
    try {
      await close();
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length === 1) throw faults[0];
  if (faults.length > 1) throw new AggregateError(faults, 'not all was closed');
}

/** For one file of tests that run one after the other: what it is given is called when the test has ended, also when it failed. */
export function useAtEnd(): AtEnd {
  const closing: (() => unknown)[] = [];
  afterEach(() => closeAll(closing));
  return (close) => void closing.push(close);
}
