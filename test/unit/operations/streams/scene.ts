import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Action } from '../../../../domain/plans/steps.ts';
import type { StepCall } from '../../../../domain/runs/run.ts';
import type { OpenPlatform } from '../../../../operations/open-platform.ts';
import { openCatalogue } from '../../../../systems/catalogue/open-catalogue.ts';
import { generateKey } from '../../../../systems/encryption/age.ts';
import { directoryStorage } from '../../../../systems/object-storage/directory.ts';
import { directoryStreams } from '../../../../systems/object-storage/directory-streams.ts';
import { demoManifest } from '../../../demo-situation.ts';
import { platformWithPostgres } from '../../../postgres-situation.ts';
import { fakePostgres, type FakeOptions } from '../../systems/postgres/fake-postgres.ts';

export const point = '2026-11-21t0930z';

/** The platform with a PostgreSQL that is a fake, and a catalogue in a directory that is real; `cleanUp` removes it. */
export async function streamScene(options: FakeOptions = {}) {
  const root = await mkdtemp(join(tmpdir(), 'rekindle-stores-'));
  const { identity } = await generateKey();
  const server = fakePostgres({ databases: { app: 'old' }, ...options });
  const catalogue = openCatalogue(directoryStorage(root), 'demo');
  const streams = directoryStreams(root);
  const containers = [{ name: 'demo_postgresql_1', running: true }];
  const platform = platformWithPostgres();
  const open = {
    platform,
    host: 'machine',
    catalogue,
    storeSecrets: () => Promise.resolve({}),
    streams: () => Promise.resolve(streams),
    identity: () => Promise.resolve(identity),
    secret: () => Promise.resolve('secret'),
    docker: {
      serviceContainers: () => Promise.resolve(containers),
      commandsIn: () => server.access.container,
    },
  } as unknown as OpenPlatform;
  const call = <A extends Action>(args: object, run = 'backup/demo/1'): StepCall<A> =>
    ({
      platform: 'demo',
      run,
      execution: 'x',
      arguments: { store: 'accounts', recoveryPoint: point, ...args },
    }) as unknown as StepCall<A>;
  /** Makes a point of what was backed up. */
  const publish = async (manifest: object) =>
    catalogue.writeManifest({ ...demoManifest('demo'), id: point, ...manifest });
  return {
    root,
    server,
    catalogue,
    streams,
    open,
    platform,
    containers,
    call,
    publish,
    cleanUp: () => rm(root, { recursive: true }),
  };
}
