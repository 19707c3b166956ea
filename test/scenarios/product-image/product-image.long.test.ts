import { stat } from 'node:fs/promises';
import { copyFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../cli/servers/temporal-server.ts';
import { engine, eventually, lastLines } from '../../../stack/engine.ts';
import { expectAlive, expectPassed, facts, useScenario, useVariant } from '../harness/index.ts';
import { environmentOf, inside, useProductImage } from './product-image.ts';

const scenario = useScenario();
const variant = useVariant(scenario);
const image = useProductImage();
const socket = '/var/run/docker.sock';

/** What an operator gives the container's user to read: the platform file, the key, the secrets. */
async function prepare() {
  const { platform, environment } = scenario;
  const etc = '/etc/rekindle';
  await variant.write((file) => {
    const text = JSON.stringify(file).replaceAll(join(platform.folder, 'secrets'), `${etc}/secrets`);
    Object.assign(file, JSON.parse(text), { backup: {} });
  });
  const key = join(variant.folder, 'key.txt');
  await copyFile(facts().keyFile, key);
  for (const [path, mode] of [
    [key, 0o444],
    [variant.folder, 0o755],
  ] as const)
    await chmod(path, mode);
  const secrets = ['s3_access_key', 's3_secret_key'].map(
    (secret) => `${join(platform.folder, 'secrets', secret)}:${etc}/secrets/${secret}:ro`,
  );
  return {
    binds: [`${variant.folder}:${etc}/platforms:ro`, ...secrets],
    variables: {
      ...environment,
      REKINDLE_PLATFORMS: `${etc}/platforms`,
      REKINDLE_KEY_FILE: `${etc}/platforms/key.txt`,
      REKINDLE_STATE: '/var/lib/rekindle',
    },
  };
}

test("a worker in Rekindle's own image, not as root, restores the platform", async () => {
  const { platform, rekindle } = scenario;
  const { binds, variables } = await prepare();
  const worker = await image.start({
    Env: environmentOf(variables),
    Labels: { 'rekindle.scenarios': platform.project },
    HostConfig: {
      GroupAdd: [String((await stat(socket)).gid)],
      Binds: [`${socket}:${socket}`, `${image.volume}:/var/lib/rekindle:ro`, ...binds],
    },
  });
  await eventually('the worker serves', 30, async () => {
    expect(await lastLines(worker, 20)).toContain('serves');
  });
  const { Processes } = (await engine().getContainer(worker).top()) as { Processes: string[][] };
  expect(Processes.length).toBeGreaterThan(0);
  expect(Processes.map(([user]) => user)).not.toContain('root');

  const ended = await rekindle(['restore', platform.project, '--yes', '--json']);
  await expectPassed(scenario, ended).catch(async (error: unknown) => {
    throw new Error(`the worker's last lines:\n${await lastLines(worker, 40)}`, { cause: error });
  });
  await expectAlive(scenario);
});

// After the worker, whose container is the first to mount the volume, as it may be with docker-compose.yml.
test('a gateway in the image, with the shipped file, serves the page to whoever has a token made in it', async () => {
  const { platform } = scenario;
  const { binds, variables } = await prepare();
  const address = `127.0.0.1:${await freePort(0)}`;
  const shipped = fileURLToPath(new URL('../../../deploy/gateway.yaml', import.meta.url));
  const gateway = await image.start({
    Cmd: ['gateway'],
    Env: environmentOf({
      ...variables,
      REKINDLE_GATEWAY_ADDRESS: address,
      REKINDLE_GATEWAY_FILE: '/etc/rekindle/gateway.yaml',
    }),
    Labels: { 'rekindle.scenarios': platform.project },
    HostConfig: { Binds: [`${shipped}:/etc/rekindle/gateway.yaml:ro`, `${image.volume}:/var/lib/rekindle`, ...binds] },
  });
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(`http://${address}${path}`, { headers });
  await eventually('the gateway answers', 30, async () => {
    expect((await ask('/healthz')).status).toBe(200);
  });
  expect(await (await ask('/', { accept: 'text/html' })).text()).toContain('<title>Rekindle</title>');
  expect((await ask('/api/v1/platforms')).status).toBe(401);
  const made = await inside(gateway, [
    ...['node', 'bin/rekindle.mjs', 'token', 'create'],
    ...['--name', 'alice', '--role', 'viewer'],
  ]);
  const [token = ''] = /rkd_[\w-]+/.exec(made) ?? [];
  const answer = await ask('/api/v1/platforms', { authorization: `Bearer ${token}` });
  expect(await answer.json()).toMatchObject([{ platform: platform.project }]);
  expect(await inside(gateway, ['node', 'bin/rekindle.mjs', 'audit', 'verify'])).toContain('1 entry');
});
