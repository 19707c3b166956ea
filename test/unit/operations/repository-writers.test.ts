import { demandOwnRepository, acceptWriter } from '../../../operations/repository/writers.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { storesOfKind } from '../../../domain/platform.ts';
import type { RecoveryPointManifest } from '../../../domain/recovery-points/recovery-point.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { demoManifest, demoPlatform } from '../../demo-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';

const [first, second] = ['first-cluster-uuid', 'second-cluster-uuid'];

/** A platform on an engine, with the catalogue that it shares with its clone. */
function platformOn(engine: string, catalogue = openCatalogue(memoryStorage(), 'demo')) {
  const platform = demoPlatform();
  const [store] = storesOfKind(platform, 'elasticsearch');
  store!.repository = { name: 'backups', type: 'fs', settings: { location: '/backups' } };
  const open = {
    platform,
    catalogue,
    docker: { ping: () => Promise.resolve({ id: engine }) },
  } as unknown as OpenPlatform;
  const took = async (clusterUuid: string) => {
    const base = demoManifest();
    const manifest: RecoveryPointManifest = {
      ...base,
      stores: base.stores.map((artefact) => ({ ...artefact, clusterUuid })),
      takenOn: { engine, project: 'demo' },
    };
    await catalogue.writeManifest(manifest);
  };
  return { catalogue, took, demand: (clusterUuid: string) => demandOwnRepository(open, store!, clusterUuid) };
}

test('a clone of the platform is refused until a person says that it writes now; then the other one is', async () => {
  const production = platformOn('engine-1');
  expect(await production.demand(first)).toContain('nothing says');
  await production.took(first);
  expect(await production.demand(first)).toContain('wrote last');

  const clone = platformOn('engine-2', production.catalogue);
  await expect(clone.demand(second)).rejects.toMatchObject({
    kind: 'AnotherWriter',
    message: expect.stringContaining(
      `was last written by the cluster ${first} (recovery point 2026-11-21t0930z)`,
    ) as string,
    remedy: expect.stringContaining(`rekindle accept demo --cluster ${second} --reason "…"`) as string,
  });
  const word = { by: 'anna', reason: 'moved to the new machine' };
  await acceptWriter(clone.catalogue, second, word);
  expect(await clone.demand(second)).toContain('admitted by person/anna');
});

test('a store that lost its volume stands in the place of the one before', async () => {
  const platform = platformOn('engine-1');
  await platform.took(first);
  expect(await platform.demand(second)).toContain('stands in its place');
});

test('a word needs a reason and a cluster', async () => {
  const { catalogue } = platformOn('engine-1');
  await expect(acceptWriter(catalogue, second, { by: 'anna', reason: '' })).rejects.toMatchObject({
    kind: 'InvalidArgument',
  });
  await expect(acceptWriter(catalogue, 'x y', { by: 'anna', reason: 'moved' })).rejects.toMatchObject({
    kind: 'InvalidArgument',
  });
  expect(await catalogue.listWriters()).toEqual([]);
});
