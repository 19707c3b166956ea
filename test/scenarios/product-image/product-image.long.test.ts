import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { copyFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { engine, eventually, gone, lastLines } from '../../../stack/engine.ts';
import { expectAlive, expectPassed, facts, useScenario, useVariant } from '../harness/index.ts';

const scenario = useScenario();
const variant = useVariant(scenario);
const name = `rks-worker-${randomBytes(4).toString('hex')}`;
const tag = `rekindle-scenario:${name}`;
const socket = '/var/run/docker.sock';

interface Image {
  tag: string;
}

/** Set-up's own recipe of Rekindle's image, under a name that this test may remove again. */
async function buildProductImage(): Promise<void> {
  const [list, make] = ['list', 'make'].map(
    (file) => new URL(`../../../setup/images/${file}.mjs`, import.meta.url).href,
  );
  const { imageList, productTag } = (await import(list!)) as {
    imageList: (flags: object) => Image[];
    productTag: () => string;
  };
  const { makeImage } = (await import(make!)) as {
    makeImage: (image: Image, list: Image[], say: (line: string) => void) => Promise<void>;
  };
  const images = imageList({ withProductImage: true });
  const product = images.find((image) => image.tag === productTag());
  await makeImage({ ...product, tag }, images, () => undefined);
}

beforeAll(buildProductImage, 300_000);

afterAll(async () => {
  await gone(engine().getContainer(name).remove({ force: true, v: true }));
  await gone(engine().getImage(tag).remove());
});

test("a worker in Rekindle's own image, not as root, restores the platform", async () => {
  const { platform, environment, rekindle } = scenario;
  // What an operator gives the container's user to read: the platform file, the key, the secrets.
  const inside = '/etc/rekindle';
  await variant.write((file) => {
    const text = JSON.stringify(file).replaceAll(join(platform.folder, 'secrets'), `${inside}/secrets`);
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
    (secret) => `${join(platform.folder, 'secrets', secret)}:${inside}/secrets/${secret}:ro`,
  );
  const container = await engine().createContainer({
    name,
    Image: tag,
    Env: Object.entries({
      ...environment,
      REKINDLE_PLATFORMS: `${inside}/platforms`,
      REKINDLE_KEY_FILE: `${inside}/platforms/key.txt`,
    }).map(([variable, value]) => `${variable}=${value}`),
    Labels: { 'rekindle.scenarios': platform.project },
    HostConfig: {
      // Temporal's dev server listens on the host's loopback alone.
      NetworkMode: 'host',
      GroupAdd: [String((await stat(socket)).gid)],
      Binds: [`${socket}:${socket}`, `${variant.folder}:${inside}/platforms:ro`, ...secrets],
    },
  });
  await container.start();
  await eventually('the worker serves', 30, async () => {
    expect(await lastLines(container.id, 20)).toContain('serves');
  });
  const { Processes } = (await container.top()) as { Processes: string[][] };
  expect(Processes.length).toBeGreaterThan(0);
  expect(Processes.map(([user]) => user)).not.toContain('root');

  const ended = await rekindle(['restore', platform.project, '--yes', '--json']);
  await expectPassed(scenario, ended).catch(async (error: unknown) => {
    throw new Error(`the worker's last lines:\n${await lastLines(container.id, 40)}`, { cause: error });
  });
  await expectAlive(scenario);
});
