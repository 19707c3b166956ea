import type { ContainerInspectInfo } from 'dockerode';
import { engine, eventually, gone } from '../../../stack/engine.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { standingStill, type StandingStill } from '../../../systems/docker/standing-still.ts';

const image = 'rekindle-stack/s3:1.8.0';
const prefix = `rkstill${process.pid}`;
const docker = connectDocker();
const made: string[] = [];

afterAll(async () => {
  for (const name of made) await gone(engine().getContainer(name).remove({ force: true, v: true }));
});

async function create(name: string, script: string, policy = 'no') {
  const full = `${prefix}-${name}`;
  made.push(full);
  const options = { name: full, Image: image, Entrypoint: ['sh', '-c', script], Cmd: [] };
  return engine().createContainer({ ...options, HostConfig: { RestartPolicy: { Name: policy } } });
}

const reached = (name: string) =>
  docker.reach(`${prefix}-${name}`, 7).then(
    () => undefined,
    (error: unknown) => error as StandingStill,
  );

test('created and never started', async () => {
  await create('new', 'true');
  expect(await reached('new')).toMatchObject({
    kind: 'ServiceUnhealthy',
    message: `Container ${prefix}-new was created and never started`,
    remedy: `Start it: docker start ${prefix}-new`,
    since: expect.any(Number) as number,
  });
});

test('stopped by a person, whatever its restart policy', async () => {
  const container = await create('stopped', 'exec sleep 600', 'unless-stopped');
  await container.start();
  await container.stop({ t: 0 });
  const failure = await reached('stopped');
  expect(failure?.message).toMatch(/ is stopped \(exit code 137, since \d{4}-/);
  expect(failure?.remedy).toContain(`docker start ${prefix}-stopped`);
  expect(Math.abs(Date.now() - (failure?.since ?? 0))).toBeLessThan(30_000);
});

test('paused', async () => {
  const container = await create('paused', 'exec sleep 600');
  await container.start();
  await container.pause();
  expect(await reached('paused')).toMatchObject({
    remedy: `Unpause it: docker unpause ${prefix}-paused`,
    since: undefined,
  });
});

test('restarted again and again', async () => {
  const container = await create('loop', 'exit 3', 'always');
  await container.start();
  await eventually('its third restart', 30, async () => {
    const failure = await reached('loop');
    expect(failure?.message).toMatch(/stops as soon as it is started \(exit code 3, ([3-9]|\d\d) restarts\)/);
    expect(failure?.remedy).toContain(`docker logs --tail 50 ${prefix}-loop`);
  });
});

test('running and silent does not count as stopped: it may be starting', async () => {
  const container = await create('silent', 'exec sleep 600');
  await container.start();
  const failure = await reached('silent');
  expect(failure).toMatchObject({ kind: 'ServiceUnhealthy' });
  expect(failure?.message).toContain('cannot be reached');
});

describe('what cannot be made here', () => {
  const State = { Running: false, Status: 'dead', Dead: true, ExitCode: 1, FinishedAt: '2026-11-21T09:30:00.1Z' };
  const container = (state: object) =>
    ({
      Name: '/es',
      Created: '2026-11-21T09:00:00Z',
      RestartCount: 0,
      State: state,
    }) as unknown as ContainerInspectInfo;

  test('dead', () => {
    expect(standingStill(container(State))).toMatchObject({
      message: 'Container es could not be removed completely (dead)',
      remedy: expect.stringContaining('docker rm -f es') as string,
      since: Date.parse('2026-11-21T09:30:00.1Z'),
    });
  });

  test('out of memory', () => {
    const killed = { ...State, Dead: false, Status: 'exited', OOMKilled: true, ExitCode: 137 };
    expect(standingStill(container(killed))?.message).toContain('exit code 137, out of memory');
  });
});
