import { follow } from '../../../cli/follow.ts';
import { openOutput } from '../../../cli/output.ts';
import type { Desk } from '../../../client/desk.ts';

/** Nobody answers for its runs: neither a worker, nor Temporal. */
const desk = { pollEveryMs: 1, look: () => new Promise<never>(() => undefined) } as unknown as Desk;

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends the following, whatever it waits for, and not the run',
  async (signal) => {
    // The test runner listens for the same signals: they are none of this test's.
    const others = process.listeners(signal);
    process.removeAllListeners(signal);
    try {
      const followed = follow(desk, 'backup/demo/1', openOutput({ json: true }));
      process.emit(signal);
      await expect(followed).rejects.toMatchObject({ exitCode: 130, run: 'backup/demo/1' });
      expect(process.listenerCount(signal)).toBe(0);
    } finally {
      for (const other of others) process.on(signal, other);
    }
  },
);
