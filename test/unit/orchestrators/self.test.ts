import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readEnvironment } from '../../../config/environment.ts';
import { Failure } from '../../../domain/failures.ts';
import { selfArchive, selfPlaceOf } from '../../../domain/archives/self.ts';
import { backUpSelf } from '../../../operations/orchestrators/backup-self.ts';
import { restoreSelf } from '../../../operations/orchestrators/restore-self.ts';
import { openTokens } from '../../../operations/access/tokens.ts';
import { generateKey } from '../../../systems/encryption/age.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rks-'));
});
afterEach(() => rm(folder, { recursive: true }));

const environmentIn = (machine: string) => {
  const at = (name: string) => join(folder, machine, name);
  return readEnvironment({
    REKINDLE_PLATFORMS: at('platforms'),
    REKINDLE_STATE: at('state'),
    REKINDLE_KEY_FILE: at('key.txt'),
    REKINDLE_GATEWAY_FILE: at('gateway.yaml'),
    REKINDLE_INCIDENTS_FILE: at('incidents.yaml'),
    REKINDLE_HOSTS_FILE: at('hosts.yaml'),
    REKINDLE_HOST: machine,
    REKINDLE_ORCHESTRATOR: machine,
  });
};
const file = () => join(folder, 'self.tgz');
const temporal = {
  runs: [{ id: 'restore/nuvla/2026-11-21T09:30:00Z' }],
  schedules: [{ id: 'rekindle/nuvla/backup', paused: true, note: '' }],
};
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was not refused',
    (error: unknown) => (error instanceof Failure ? `${error.kind}: ${error.message}` : Promise.reject(error as Error)),
  );

async function machine(name: string) {
  const environment = environmentIn(name);
  const key = await generateKey();
  await mkdir(environment.platformsFolder, { recursive: true });
  await writeFile(join(environment.platformsFolder, 'nuvla.yaml'), 'platform: nuvla\n# unfinished\n');
  await writeFile(environment.gatewayFile.path, 'url: https://rekindle.example.org\n');
  await writeFile(environment.keyFile, key.fileText);
  const token = await openTokens(environment.stateFolder).create({ name: 'ann', role: 'approver' });
  return { environment, key, token };
}

test('another machine gets the files of the lost one; its tokens stay valid; no secret is in the archive', async () => {
  const { environment, key, token } = await machine('north');
  const { header, unopened } = await backUpSelf(environment, { file: file(), version: '0.1.0', temporal });
  expect(header).toMatchObject({
    host: 'north',
    orchestrator: 'north',
    recipient: key.recipient,
    platforms: ['nuvla'],
  });
  // A platform file that somebody is still writing is kept all the same.
  expect(unopened).toEqual([expect.stringContaining('nuvla: ')]);
  const tar = gunzipSync(await readFile(file()));
  expect(tar.includes(token)).toBe(false);
  expect(tar.includes(key.identity)).toBe(false);

  const other = environmentIn('south');
  expect(await restoreSelf(other, file(), { check: true })).toMatchObject({ temporal });
  expect(await readdir(folder)).not.toContain('south');
  const { written } = await restoreSelf(other, file(), { check: false });
  expect(written).toHaveLength(3);
  expect(await readFile(join(other.platformsFolder, 'nuvla.yaml'), 'utf8')).toContain('# unfinished');
  expect(await openTokens(other.stateFolder).find(token)).toMatchObject({ name: 'ann', role: 'approver' });
  // Repeated, it changes nothing.
  expect(await restoreSelf(other, file(), { check: false })).toMatchObject({ written: [], same: written });
});

test('nothing is replaced: one file that says something else refuses all of them', async () => {
  const { environment } = await machine('north');
  await backUpSelf(environment, { file: file(), version: '0.1.0', temporal: { unseen: 'Temporal is away' } });
  const other = environmentIn('south');
  await mkdir(other.platformsFolder, { recursive: true });
  await writeFile(join(other.platformsFolder, 'nuvla.yaml'), 'platform: nuvla\n');
  expect(await refusal(restoreSelf(other, file(), { check: false }))).toMatch(/^ArchiveRefused: Nothing was restored/);
  expect(await readdir(join(folder, 'south'))).toEqual(['platforms']);
});

test('a platform file with the value of a secret is not backed up; nothing is left', async () => {
  const { environment, key } = await machine('north');
  await writeFile(join(environment.platformsFolder, 'nuvla.yaml'), `platform: nuvla\n# ${key.identity}\n`);
  const work = backUpSelf(environment, { file: file(), version: '0.1.0', temporal });
  expect(await refusal(work)).toContain('holds the value of a secret');
  expect(await readdir(folder)).toEqual(['north']);
});

test('an archive that is cut off is refused with nothing written', async () => {
  const { environment } = await machine('north');
  await backUpSelf(environment, { file: file(), version: '0.1.0', temporal });
  const whole = await readFile(file());
  await writeFile(file(), whole.subarray(0, whole.length - 20));
  expect(await refusal(restoreSelf(environmentIn('south'), file(), { check: false }))).toContain('cut off');
  expect(await readdir(folder)).not.toContain('south');
});

test.each([
  '../x',
  'platforms/../x.yaml',
  'platforms/a/b.yaml',
  'state/sessions.json',
  'state/gateway-key.pem',
  'settings/x.yaml',
])('no entry of it: %s', (name) => {
  expect(selfPlaceOf(name)).toBeUndefined();
});

test('its entries are judged: the header first, none twice, every platform file', () => {
  const header = { platforms: ['nuvla'] } as never;
  expect(selfArchive.checker().admit({ name: 'README', bytes: 1 }, undefined)).toContain(
    'does not begin with self.json',
  );
  const bomb = selfArchive.checker();
  bomb.admit({ name: 'self.json', bytes: 1 }, undefined);
  expect(bomb.admit({ name: 'temporal.json', bytes: 2 ** 40 }, header)).toContain('larger than it may be');
  const checker = selfArchive.checker();
  checker.admit({ name: 'self.json', bytes: 1 }, undefined);
  checker.admit({ name: 'README', bytes: 1 }, header);
  expect(checker.admit({ name: 'README', bytes: 1 }, header)).toContain('twice');
  checker.admit({ name: 'SHA256SUMS', bytes: 1 }, header);
  expect(checker.admit({ name: 'temporal.json', bytes: 1 }, header)).toContain('goes on after SHA256SUMS');
  expect(checker.end(header)).toBe('it lacks the platform file of nuvla');
  for (const text of ['{', 'null', '{"format":"rekindle-self","version":1}'])
    expect(typeof selfArchive.readHeader(text)).toBe('string');
});
