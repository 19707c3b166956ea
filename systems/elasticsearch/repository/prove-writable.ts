import { randomBytes } from 'node:crypto';
import { Failure } from '../../../domain/failures.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt } from '../errors.ts';
import { deleteSnapshot, readSnapshot } from '../snapshots/snapshots.ts';

/** Names of trial snapshots begin so; they are taken and deleted again at once. */
export const trialPrefix = 'rekindle.trial.';

/**
 * Proves that the repository can be written, read and deleted from: takes a trial snapshot without any index, reads it
 * back and deletes it. Leaves nothing behind, also when it fails halfway. Returns the milliseconds it took.
 */
export async function proveRepository(client: Client, name: string): Promise<{ milliseconds: number }> {
  const snapshot = `${trialPrefix}${randomBytes(6).toString('hex')}`;
  const started = performance.now();
  try {
    await attempt(`take a trial snapshot in repository ${name}`, () =>
      client.snapshot.create(
        {
          repository: name,
          snapshot,
          wait_for_completion: true,
          indices: '-*',
          include_global_state: true,
          feature_states: ['none'],
        },
        { requestTimeout: storageTimeout },
      ),
    );
    const { state } = await readSnapshot(client, name, snapshot);
    if (state !== 'SUCCESS') {
      throw new Failure('RepositoryRefused', {
        message: `The trial snapshot in repository ${name} ended as ${state}`,
        remedy: 'Read the log of the Elasticsearch service, then retry',
      });
    }
  } catch (error) {
    // The first error is the one to report; a trial that was never taken has nothing to delete.
    await deleteSnapshot(client, name, snapshot).catch(() => undefined);
    throw error;
  }
  await deleteSnapshot(client, name, snapshot);
  return { milliseconds: Math.round(performance.now() - started) };
}
