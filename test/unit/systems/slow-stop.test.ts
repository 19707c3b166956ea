import type Docker from 'dockerode';
import { startContainers } from '../../../systems/docker/start.ts';
import { stopContainers } from '../../../systems/docker/stop.ts';

/** One container of an engine that, as Docker does, goes on with a stop when its caller has given up. */
function slowEngine(policy: string) {
  let endStop: (() => void) | undefined;
  const stopEnds = new Promise<void>((resolve) => (endStop = resolve));
  const state = { running: true, policy, starts: 0, stopping: undefined as Promise<void> | undefined };
  const container = {
    inspect: () =>
      Promise.resolve({
        State: { Running: state.running, Restarting: false, ExitCode: 0 },
        HostConfig: { RestartPolicy: { Name: state.policy, MaximumRetryCount: 0 } },
      }),
    update: ({ RestartPolicy }: { RestartPolicy: { Name: string } }) => {
      state.policy = RestartPolicy.Name;
      return Promise.resolve();
    },
    stop: () => {
      state.stopping ??= stopEnds.then(() => {
        state.running = false;
      });
      return state.stopping;
    },
    start: () => {
      if (state.running) return Promise.reject(Object.assign(new Error('already started'), { statusCode: 304 }));
      state.starts += 1;
      state.running = true;
      return Promise.resolve();
    },
  };
  return { state, endStop: () => endStop?.(), docker: { getContainer: () => container } as unknown as Docker };
}

const api = { name: 'api', restartPolicy: { name: 'always', maximumRetryCount: 0 } } as const;
const soon = () => new Promise((resolve) => setImmediate(resolve));

test('a cancelled stop is over only when the engine is done with it', async () => {
  const { docker, state, endStop } = slowEngine('always');
  const cancel = new AbortController();
  let over = false;
  const stop = stopContainers(docker, [api], 10, { signal: cancel.signal }).finally(() => (over = true));
  while (!state.stopping) await soon();
  cancel.abort();
  await soon();
  expect(over).toBe(false);
  endStop();
  expect(await stop).toEqual([{ name: 'api', outcome: 'stopped', exitCode: 0 }]);
});

test('undoing a stop whose caller died waits for its end and starts the container after it', async () => {
  const { docker, state, endStop } = slowEngine('no');
  void docker.getContainer('api').stop();
  const start = startContainers(docker, [api], { stopGraceSeconds: 10 });
  await soon();
  expect(state.starts).toBe(0);
  endStop();
  expect(await start).toEqual([{ name: 'api', outcome: 'started' }]);
  expect(state).toMatchObject({ running: true, starts: 1, policy: 'always' });
});

test('what was never asked to stop is not stopped for the undo', async () => {
  const { docker, state } = slowEngine('always');
  expect(await startContainers(docker, [api], { stopGraceSeconds: 10 })).toEqual([
    { name: 'api', outcome: 'already running' },
  ]);
  expect(state.stopping).toBeUndefined();
});
