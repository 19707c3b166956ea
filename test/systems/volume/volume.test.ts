import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { volumeStore, type VolumeAccess } from '../../../systems/volume/volume-store.ts';
import { backUp, piecesOf } from '../../unit/systems/streams/kept.ts';
import { image } from '../docker/platform.ts';
import { conformanceSuite, type Conforming } from '../streams/conformance.ts';
import { startVolumeServer, type VolumeServer } from '../streams/volume-server.ts';

const folder = '/srv/files';
const fill = `cd ${folder} && mkdir -p sub/deep cache && echo one >sub/one && head -c 3000000 /dev/zero >sub/deep/large &&
  chmod 600 sub/one && chown 1234:4321 sub/one && ln -s /etc/passwd latest && ln sub/one hard && echo x >'.a name
of two lines' && echo left out >cache/entry && chown 4321:1234 . && chmod 711 .`;

let server: VolumeServer;
let access: VolumeAccess;
const sh = (script: string) => server.run(['sh', '-c', script]);
const prune = String.raw`\( -path ./cache -o -path './rekindle-*' \) -prune -o`;
/** All but what is left out and what a restore keeps there: owners, modes, contents, and the folder's own owner. */
const content = () =>
  sh(`cd ${folder} && find . ${prune} -exec stat -c '%n %u:%g %a %F %s' {} + | grep -v ' directory ' | sort &&
    stat -c '%u:%g %a' . && find . ${prune} -type f -exec cksum {} + | sort`);

beforeAll(async () => {
  const command = ['sh', '-c', 'trap exit TERM; while :; do sleep 0.1; done'];
  server = await startVolumeServer(image, { folder, command });
  await sh(fill);
  access = { store: 'uploads', container: server.container, folder, exclude: ['cache'] };
});
afterAll(async () => {
  await server.remove();
});

let count = 0;
conformanceSuite((): Conforming => ({
  store: volumeStore(access) as StreamStore<unknown>,
  content,
  change: async () => {
    await sh(
      `cd ${folder} && rm -rf sub/deep && echo two >>sub/one && mkdir more-${++count} && echo new >more-${count}/new`,
    );
  },
  add: async () => {
    await sh(`echo added >${folder}/added-${++count}`);
  },
  leftovers: async () => (await sh(`ls -A ${folder}`)).split('\n').filter((name) => name.startsWith('rekindle')),
}));

test('what is left out is not in the archive', async () => {
  const { parts } = await backUp(volumeStore(access) as StreamStore<unknown>);
  const archive = parts.get('files')?.toString('latin1') ?? '';
  expect(archive).toContain('sub/one');
  expect(archive).not.toContain('cache');
});

test('a hostile archive is refused, and nothing is written', async () => {
  const before = await content();
  const store = volumeStore(access);
  const { parts } = await backUp(store as StreamStore<unknown>);
  const text = parts.get('files')?.toString('latin1').replaceAll('latest', '../../') ?? '';
  await expect(
    store.restore('files', piecesOf(Buffer.from(text, 'latin1')), 'restore/test/9', {}),
  ).rejects.toMatchObject({ kind: 'RepositoryCorrupted' });
  expect(await content()).toBe(before);
  expect(await sh(`ls -A ${folder}`)).not.toContain('rekindle');
});

test('a folder in no volume is refused, and so is one with another volume below it', async () => {
  const at = (path: string) => volumeStore({ ...access, folder: path }).check(undefined, {});
  expect(await at('/etc')).toMatchObject([{ verdict: 'fail' }]);
  expect(await at('/srv')).toMatchObject([{ verdict: 'fail' }]);
  expect(await at(`${folder}/sub`)).toMatchObject([{ verdict: 'pass' }]);
});
