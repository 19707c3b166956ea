import type Docker from 'dockerode';
import { confirmHealthy } from '../../../systems/docker/confirm-health.ts';
import { awaitHealthy } from '../../../systems/docker/health.ts';

interface Look {
  startedAt?: string;
  restarts?: number;
  status?: string;
  health?: string;
  exitCode?: number;
}

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const early = ago(600);

/** An engine on which a container looks different at each inspection; the last look stays. */
function engineOf(looks: Look[]): Docker {
  const inspect = () => {
    const { startedAt = early, restarts = 0, status = 'running', health, exitCode = 0 } = looks[0] ?? {};
    if (looks.length > 1) looks.shift();
    const running = status === 'running' || status === 'restarting';
    return Promise.resolve({
      RestartCount: restarts,
      HostConfig: { RestartPolicy: { Name: restarts > 0 ? 'always' : 'no' } },
      State: {
        StartedAt: startedAt,
        Status: status,
        Running: running,
        Restarting: status === 'restarting',
        ExitCode: exitCode,
        ...(health && { Health: { Status: health } }),
      },
    });
  };
  return { getContainer: () => ({ inspect }) } as unknown as Docker;
}

const confirm = (looks: Look[], timeoutSeconds = 60) =>
  confirmHealthy(engineOf(looks), { es03: `${early} 0` }, { timeoutSeconds });

test('what runs as it was started is confirmed at once', async () => {
  await confirm([{}]);
  await confirm([{ health: 'healthy' }]);
});

test.each<[string, Look[], RegExp]>([
  [
    'waits for its next restart',
    [{ restarts: 3, status: 'restarting', exitCode: 78 }],
    /has stopped since.*exit code 78|has stopped since .*3 restarts/,
  ],
  ['ended', [{ status: 'exited', exitCode: 1 }], /has stopped since/],
  ['is ill', [{ health: 'unhealthy' }], /is so no more/],
  [
    'restarts again',
    [
      { startedAt: ago(5), restarts: 4 },
      { startedAt: ago(1), restarts: 5 },
    ],
    /again and again/,
  ],
])('a container that was healthy and %s counts against the verdict', async (_, looks, says) => {
  await expect(confirm(looks)).rejects.toMatchObject({
    kind: 'ServiceUnhealthy',
    message: expect.stringMatching(says) as string,
  });
});

test('one that restarted once counts again when it has run for as long as a service may take to be healthy', async () => {
  await confirm([{ startedAt: ago(120), restarts: 1 }]);
  const began = performance.now();
  await confirm([{ startedAt: ago(59), restarts: 1 }]);
  expect(performance.now() - began).toBeGreaterThan(500);
});

const limits = { timeoutSeconds: 5, settleSeconds: 0.01 };

test('a start is remembered as the engine counts it', async () => {
  expect(await awaitHealthy(engineOf([{ restarts: 2 }]), ['es03'], limits)).toEqual({ es03: `${early} 2` });
});

test('a one-shot is healthy once it ended with exit code 0; a server that ends so is not', async () => {
  const oneShots = ['es03'];
  expect(await awaitHealthy(engineOf([{}, { status: 'exited' }]), ['es03'], { ...limits, oneShots })).toEqual({});
  await expect(awaitHealthy(engineOf([{ status: 'exited' }]), ['es03'], limits)).rejects.toMatchObject({
    kind: 'ServiceUnhealthy',
  });
  const failing = awaitHealthy(engineOf([{ status: 'exited', exitCode: 1 }]), ['es03'], { ...limits, oneShots });
  await expect(failing).rejects.toMatchObject({ message: expect.stringContaining('exit code 1') as string });
});
