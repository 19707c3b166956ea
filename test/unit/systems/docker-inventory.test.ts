import type Docker from 'dockerode';
import { readInventory } from '../../../systems/docker/inventory.ts';

function engineOf(version: string, createdAt: string): Docker {
  const engine = {
    version: () => Promise.resolve({ Version: version }),
    listContainers: () => Promise.resolve([]),
    listNetworks: () => Promise.resolve([]),
    listVolumes: () => Promise.resolve({ Volumes: [{ Name: 'data', CreatedAt: createdAt, Labels: { of: 'a' } }] }),
  };
  return engine as unknown as Docker;
}

const volumesOf = async (version: string, createdAt: string) =>
  (await readInventory(engineOf(version, createdAt), 'here')).volumes;

test('a volume is another one by its creation; before Docker 24, which gives the last change of its folder, by its labels', async () => {
  const [earlier, later] = ['2026-11-30T04:00:00Z', '2026-11-30T04:02:00Z'];
  expect(await volumesOf('20.10.24', later)).toEqual(await volumesOf('20.10.24', earlier));
  expect(await volumesOf('27.1.0', later)).not.toEqual(await volumesOf('27.1.0', earlier));
});
