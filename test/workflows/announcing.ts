import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { notificationActivities } from '../../activities/notifications.ts';
import type { Activities } from '../../activities/index.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';
import { openCatalogue } from '../../systems/catalogue/open-catalogue.ts';
import { directoryStorage } from '../../systems/object-storage/directory.ts';
import type { AtEnd } from '../at-end.ts';
import { startReceiver, type Answer, type Received, type TestReceiver } from '../receiver.ts';
import { openScenes, testWith } from './scene.ts';

/** Part of every receiver's path and header; it must be nowhere else. */
export const token = `t0ken-${randomBytes(12).toString('hex')}`;

/** Tests with scenes, and with platforms whose receivers are real; all of it ends with the test. */
export const test = testWith((atEnd) => ({
  atEnd,
  openScene: openScenes(atEnd),
  openAnnouncing: (options?: AnnouncingOptions) => announcing(atEnd, options),
}));

/** A platform file with its catalogue in a directory, and the real activities that tell receivers of it. */
export interface Announcing {
  platform: string;
  activities: Pick<Activities, 'announce' | 'judgeFreshness'>;
  catalogue: Catalogue;
  receivers: TestReceiver[];
  /** Keys of the platform file beside those that it must have. */
  write(more: object): Promise<void>;
}

/** One webhook for each `answers`, told of all events; `more`: further keys of the platform file. */
async function announcing(
  atEnd: AtEnd,
  { answers = [() => ({ status: 200 })], more = {} }: AnnouncingOptions = {},
): Promise<Announcing> {
  const platform = `told-${randomBytes(4).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-announcing-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const receivers = await Promise.all(answers.map((answer) => startReceiver(answer)));
  for (const receiver of receivers) atEnd(() => receiver.close());
  const variables: NodeJS.ProcessEnv = { BEARER: `Bearer ${token}` };
  for (const [index, { url }] of receivers.entries()) variables[`HOOK_${index}`] = `${url}/services/${token}`;
  const directory = join(folder, 'catalogue');
  await mkdir(directory);
  const write = async (additions: object) => {
    const file = {
      platform,
      deployment: { kind: 'compose', project: platform, host: 'machine', data: ['elasticsearch'] },
      stores: [
        {
          name: 'documents',
          kind: 'elasticsearch',
          service: 'elasticsearch',
          repository: { name: 'backup', type: 'fs' },
        },
      ],
      catalogue: { kind: 'directory', path: directory },
      notifications: receivers.map((_receiver, index) => ({
        url: { env: `HOOK_${index}` },
        headers: { Authorization: { env: 'BEARER' } },
      })),
      ...additions,
    };
    await writeFile(join(folder, `${platform}.yaml`), stringify(file));
  };
  await write(more);
  const dependencies = {
    environment: {
      platformsFolder: folder,
      host: 'machine',
      keyFile: '',
      payloadKeyFile: undefined,
      temporalAddress: undefined,
      temporalNamespace: 'default',
      temporalUi: 'http://ui.example',
      gatewayUrl: undefined,
      gatewayAddress: '127.0.0.1:0',
      gatewayFile: { path: 'gateway.yaml', given: false },
      incidentsFile: { path: 'incidents.yaml', given: false },
      url: undefined,
      stateFolder: 'state',
      approvalKeysFile: 'gateway-key.pub.pem',
      taskQueue: `test-${platform}`,
      dockerHost: undefined,
      logLevel: 'silent',
      variables,
    },
    // Nothing of this reaches an engine.
    docker: undefined as unknown as DockerEngine,
  };
  return {
    platform,
    activities: notificationActivities(dependencies),
    catalogue: openCatalogue(directoryStorage(directory), platform),
    receivers,
    write,
  };
}

export interface AnnouncingOptions {
  answers?: ((received: Received, count: number) => Answer)[];
  more?: object;
}
