import { randomBytes } from 'node:crypto';
import { startRun } from '../../client/runs.ts';
import { withTemporal } from '../../client/connection.ts';
import { readEnvironment, type Environment } from '../../config/environment.ts';
import { Failure } from '../../domain/failures.ts';
import { connectWorker } from '../../worker/connection.ts';
import { provided } from '../provided.ts';
import { test } from './scene.ts';

const environment = (change: Partial<Environment> = {}) =>
  ({ temporalAddress: provided('temporalAddress'), temporalNamespace: 'default', ...change }) as Environment;
const startedBy = { how: 'command line' } as const;
const failureOf = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => (error instanceof Failure ? error : Promise.reject(error as Error)),
  );

describe('starting a run', () => {
  for (const kind of ['restore', 'backup', 'rebuild', 'prune'] as const)
    test(`a second ${kind} in the same second is pointed at the first, and nothing was touched`, async () => {
      const platform = `twice-${randomBytes(4).toString('hex')}`;
      await withTemporal(environment(), async (client) => {
        // Of three at once, two at least fall into the same second.
        const started = await Promise.allSettled(
          [1, 2, 3].map(() => startRun(client, kind, 'nobody', { platform, startedBy })),
        );
        const ids = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value.workflowId] : []));
        const [busy] = started.flatMap((one) => (one.status === 'rejected' ? [one.reason as Failure] : []));
        expect(busy).toBeInstanceOf(Failure);
        expect(busy?.kind).toBe('PlatformBusy');
        expect(ids.some((id) => busy?.message.startsWith(id) && busy.remedy.includes(`rekindle watch ${id}`))).toBe(
          true,
        );
        await Promise.all(ids.map((id) => client.workflow.getHandle(id).terminate('the test is over')));
      });
    });

  test('in a namespace that is not there says so, and is bad input', async () => {
    const work = withTemporal(environment({ temporalNamespace: 'nowhere' }), (client) =>
      startRun(client, 'backup', 'nobody', { platform: 'demo', startedBy }),
    );
    expect(await failureOf(work)).toMatchObject({
      kind: 'InvalidArgument',
      message: expect.stringContaining('no namespace "nowhere"') as string,
    });
  });

  test('a worker for a namespace that is not there says so, too, and how to create it', async () => {
    const variables = { TEMPORAL_ADDRESS: provided('temporalAddress'), TEMPORAL_NAMESPACE: 'nowhere' };
    expect(await failureOf(connectWorker(readEnvironment(variables)))).toMatchObject({
      kind: 'InvalidArgument',
      message: expect.stringContaining('no namespace "nowhere"') as string,
      remedy: expect.stringContaining('namespace create --retention 30d --namespace nowhere') as string,
    });
  });

  test('whatever else Temporal refuses is a failure with what it said and a remedy', async () => {
    const work = withTemporal(environment(), (client) =>
      startRun(client, 'backup', 'nobody', { platform: 'x'.repeat(2000), startedBy }),
    );
    const failure = await failureOf(work);
    expect(failure.kind).toBe('TemporalRefused');
    expect(failure.message).toMatch(/refuses the request: .*length/i);
    expect(failure.remedy).not.toBe('');
  });
});
