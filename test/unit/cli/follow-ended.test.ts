import type { Client, WorkflowHandle } from '@temporalio/client';
import { follow } from '../../../cli/follow.ts';
import { openOutput } from '../../../cli/output.ts';

const never = () => new Promise<never>(() => undefined);

/** A run that answers nothing: neither does its worker, nor does Temporal. */
const handle = { workflowId: 'backup/demo/1', query: never, describe: never } as unknown as WorkflowHandle;
const client = {
  connection: { withDeadline: (_: number, work: () => Promise<unknown>) => work() },
} as unknown as Client;

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends the following, whatever it waits for, and not the run',
  async (signal) => {
    // The test runner listens for the same signals: they are none of this test's.
    const others = process.listeners(signal);
    process.removeAllListeners(signal);
    try {
      const followed = follow(client, handle, openOutput({ json: true }));
      process.emit(signal);
      await expect(followed).rejects.toMatchObject({ exitCode: 130, run: 'backup/demo/1' });
      expect(process.listenerCount(signal)).toBe(0);
    } finally {
      for (const other of others) process.on(signal, other);
    }
  },
);
