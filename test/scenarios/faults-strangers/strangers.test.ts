import { tmpdir } from 'node:os';
import { engine, gone, PROJECT_LABEL, SERVICE_LABEL } from '../../../stack/engine.ts';
import { type EngineSnapshot, useScenario } from '../harness/index.ts';
import { engineNow, expectMessage } from '../faults-tools/message.ts';
import { useVariants } from '../faults-tools/variants.ts';

// What stands beside the platform on the same engine, and would suffer from a restore, or spoil it.

const scenario = useScenario();
const variants = useVariants(scenario);
let name: string;
const containers: string[] = [];
const volumes: string[] = [];

beforeAll(async () => {
  name = scenario.platform.project;
  await variants.startWorker();
});
beforeEach(() => variants.write());
afterEach(async () => {
  for (const one of containers.splice(0)) await gone(engine().getContainer(one).remove({ force: true, v: true }));
  for (const one of volumes.splice(0)) await gone(engine().getVolume(one).remove());
});

async function container(as: string, options: { labels?: Record<string, string>; network?: string; volume?: string }) {
  const one = `${name}-${as}`;
  containers.push(one);
  return engine().createContainer({
    name: one,
    Image: 'rekindle-stack/core:1',
    Entrypoint: ['sleep', '600'],
    Cmd: [],
    ...(options.labels ? { Labels: options.labels } : {}),
    HostConfig: {
      NetworkMode: options.network ?? 'none',
      ...(options.volume ? { Mounts: [{ Type: 'volume', Source: options.volume, Target: '/data' }] } : {}),
    },
  });
}

/** By the whole way of a restore: exit code 3, and an engine as it was. */
async function restoreRefused(says: (string | RegExp)[], ...args: string[]): Promise<void> {
  const before: EngineSnapshot = await engineNow();
  const ended = await variants.rekindle(['restore', name, '--yes', ...args]);
  await expectMessage(scenario, ended, 3, ['nothing was touched', ...says]);
  expect(await engineNow()).toEqual(before);
}

test('a container that the platform file does not name runs on the data network', async () => {
  const stranger = await container('stranger', { network: scenario.platform.network });
  await stranger.start();
  await restoreRefused([
    new RegExp(`${name}-stranger \\(on ${scenario.platform.network}\\)`),
    /add its service to deployment.alsoStop, or stop it/,
  ]);
});

test("a data volume is also somebody else's", async () => {
  const [volume = ''] = scenario.platform.volumes.elasticsearch;
  await container('sharer', { volume });
  await restoreRefused([`${volume} is also used by ${name}-sharer`, /Stop and remove the other users of/]);
  await restoreRefused([`${volume} is also used by ${name}-sharer`], '--volumes', 'remove');
});

test('a volume whose options hide a bind mount cannot be set aside', async () => {
  const labels = { [PROJECT_LABEL]: name };
  const volume = `${name}_bound`;
  volumes.push(volume);
  const DriverOpts = { type: 'none', o: 'bind', device: tmpdir() };
  await engine().createVolume({ Name: volume, Driver: 'local', DriverOpts, Labels: labels });
  await container('bound', { volume, labels: { ...labels, [SERVICE_LABEL]: 'bound' } });
  await variants.write(({ deployment }) => {
    deployment.data.push('bound');
    // No store keeps its data there, so the file must say that it goes.
    deployment.volumes = { [volume]: 'data' };
  });
  await restoreRefused([`${volume} (driver local with options) cannot be set aside by a rename`, /plain local volume/]);
});
