import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { overallVerdict } from '../../../../domain/checks.ts';
import { Failure } from '../../../../domain/failures.ts';
import { skewSeconds } from '../../../../domain/streams/stream-artefact.ts';
import { backUpStore } from '../../../../operations/streams/back-up-store.ts';
import { restoreParts, verifyParts } from '../../../../operations/streams/restore-store.ts';
import { generateKey } from '../../../../systems/encryption/age.ts';
import { openCatalogue } from '../../../../systems/catalogue/open-catalogue.ts';
import { directoryStorage } from '../../../../systems/object-storage/directory.ts';
import { directoryStreams } from '../../../../systems/object-storage/directory-streams.ts';
import { postgresStore } from '../../../../systems/postgres/postgres-store.ts';
import { useAtEnd } from '../../../at-end.ts';
import { fakePostgres, type FakeOptions } from '../../systems/postgres/fake-postgres.ts';
import { broken, steady } from '../../systems/streams/sources.ts';

const atEnd = useAtEnd();
const named = { name: 'pg', kind: 'postgres' } as const;

async function scene(options: FakeOptions = {}) {
  const root = await mkdtemp(join(tmpdir(), 'rekindle-stores-'));
  atEnd(() => rm(root, { recursive: true }));
  const { identity, recipient } = await generateKey();
  const server = fakePostgres({ databases: { app: 'old' }, ...options });
  const store = postgresStore(server.access, { store: 'pg', samplesPerTable: 20 });
  const streams = directoryStreams(root);
  const catalogue = openCatalogue(directoryStorage(root), 'nuvla');
  const destination = {
    streams,
    catalogue,
    platform: 'nuvla',
    point: '2026-11-21t0930z',
    recipient,
    silenceSeconds: 30,
  };
  const folder = join(root, 'nuvla/points/2026-11-21t0930z/stores/pg');
  const files = async () => (await readdir(folder).catch((): string[] => [])).toSorted();
  return { server, store, streams, catalogue, destination, identity, files };
}

test('a store goes into a point and comes back: what was there is set aside until it is released', async () => {
  const { server, store, streams, catalogue, destination, identity, files } = await scene();
  const artefact = await backUpStore(store, named, destination);
  expect(artefact.parts.map(({ part }) => part)).toEqual(['globals', 'database-app']);
  expect(await files()).toEqual(['artefact.json', 'database-app.raw.age', 'expected.json', 'globals.gz.age']);
  expect(JSON.parse(Buffer.from(await catalogue.getObject(artefact.expectedSet)).toString())).toMatchObject({
    store: 'pg',
  });
  expect(overallVerdict(await verifyParts(artefact, streams, identity))).toBe('pass');
  expect(overallVerdict(await verifyParts(artefact, streams, undefined))).toBe('pass');

  const run = 'restore/nuvla/1';
  await restoreParts(store, artefact, { streams, identity, run });
  expect(server.databases.get('app')?.content).toBe('restored');
  expect(server.databases.size).toBe(2);
  await store.putBack(['globals', 'database-app'], run, {});
  expect(Object.fromEntries(server.databases)).toEqual({ app: { content: 'old', open: true } });
});

test('a dump that is cut off is no artefact; the next attempt begins anew', async () => {
  let attempts = 0;
  const dump = (database: string) => {
    const content = Buffer.from(`dump of ${database}`);
    return database === 'app' && ++attempts === 1 ? broken(content, new Error('cut off')) : steady(content);
  };
  const { store, destination, files } = await scene({ dump });
  await expect(backUpStore(store, named, destination)).rejects.toThrow('cut off');
  // The roles were written; a point without a manifest is cleared away with all below it.
  expect(await files()).toEqual(['globals.gz.age']);
  await backUpStore(store, named, destination);
  expect(await files()).toEqual(['artefact.json', 'database-app.raw.age', 'expected.json', 'globals.gz.age']);
});

test('a part that was damaged is found before anything is touched', async () => {
  const { server, store, streams, destination, identity } = await scene();
  const artefact = await backUpStore(store, named, destination);
  await streams.write(artefact.parts[1]!.key, steady(Buffer.from('something else')));
  await expect(verifyParts(artefact, streams, identity)).rejects.toBeInstanceOf(Failure);
  await expect(verifyParts(artefact, streams, undefined)).rejects.toMatchObject({ kind: 'RepositoryCorrupted' });
  expect(server.databases.get('app')?.content).toBe('old');
});

test('roles are restored before the databases that belong to them', async () => {
  const { store } = await scene();
  expect(store.order(['database-a', 'globals', 'database-B'])).toEqual(['globals', 'database-B', 'database-a']);
});

test('skew is measured from the first store that was read to the last', () => {
  const at = (from: number, to: number) => ({
    from: new Date(from * 1000).toISOString(),
    to: new Date(to * 1000).toISOString(),
  });
  expect(skewSeconds([])).toBe(0);
  expect(skewSeconds([at(0, 100)])).toBe(0);
  expect(skewSeconds([at(10, 11), at(12, 13.5), at(11, 11)])).toBe(3.5);
});
