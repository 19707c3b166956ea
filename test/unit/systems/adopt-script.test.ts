import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adoptScript } from '../../../systems/docker/quarantine/adopt-script.ts';
import { helperRoot } from '../../../systems/docker/quarantine/helper.ts';
import { placeArguments } from '../../../systems/docker/quarantine/places.ts';
import { quarantineFolder } from '../../../systems/docker/quarantine/quarantine.ts';
import {
  quarantineScript,
  releaseScript,
  returnScript,
} from '../../../systems/docker/quarantine/quarantine-scripts.ts';
import { useAtEnd } from '../../at-end.ts';

// The helper's script, run by this machine's sh in an engine's root of the test's own.

const atTestEnd = useAtEnd();
const run = 'restore/demo/2026-05-01T10:00:00Z~0199a1b2';
const runFolder = quarantineFolder(run);
const [live, giver] = ['esdata', 'rekindle-drill-ab12cd34-elasticsearch-0'];

async function setUp() {
  const root = await mkdtemp(join(tmpdir(), 'rkt-adopt-'));
  atTestEnd(() => rm(root, { recursive: true, force: true }));
  const data = (volume: string) => join(root, 'volumes', volume, '_data');
  for (const volume of [live, giver]) await mkdir(data(volume), { recursive: true });
  await writeFile(join(data(live), 'segment'), 'old');
  await writeFile(join(data(giver), 'segment'), 'restored');
  const sh = (script: string, ...words: string[]) =>
    new Promise<{ exitCode: number; lines: string[] }>((resolve) => {
      const here = script.replaceAll(new RegExp(`${helperRoot}(?![\\w-])`, 'g'), root);
      execFile('sh', ['-c', here, 'rekindle', ...words], (error, stdout, stderr) =>
        resolve({ exitCode: error ? Number(error.code) : 0, lines: `${stdout}${stderr}`.split('\n').filter(Boolean) }),
      );
    });
  const content = (volume: string) => readFile(join(data(volume), 'segment'), 'utf8').catch(() => undefined);
  return {
    data,
    content,
    record: join(root, 'rekindle-quarantine', runFolder, `.${live}.adopted`),
    quarantine: () => sh(quarantineScript, runFolder, ...placeArguments(live), encodeURI(run)),
    adopt: (from = giver) => sh(adoptScript, runFolder, live, from),
    bringBack: () => sh(returnScript, runFolder, ...placeArguments(live)),
    release: () => sh(releaseScript, runFolder, ...placeArguments(live)),
    runFolder: join(root, 'rekindle-quarantine', runFolder),
  };
}

test('the data comes by a rename, the giver stays with an empty folder; repeated, nothing is moved', async () => {
  const { data, content, quarantine, adopt } = await setUp();
  const { ino } = await stat(data(giver));
  await quarantine();
  expect(await adopt()).toMatchObject({
    exitCode: 0,
    lines: expect.arrayContaining(['state=moved', 'files=1', 'bytes=8']) as string[],
  });
  expect((await stat(data(live))).ino).toBe(ino);
  expect(await readdir(data(giver))).toEqual([]);
  await writeFile(join(data(live), 'segment'), 'written since');
  // Whatever lies in the giver by now is not what the run restored.
  await writeFile(join(data(giver), 'segment'), 'of somebody else');
  expect((await adopt()).lines).toContain('state=present');
  expect([await content(live), await content(giver)]).toEqual(['written since', 'of somebody else']);
});

test('the way back is the quarantine’s: old data returns, what was adopted is kept beside it until the release', async () => {
  const { content, quarantine, adopt, bringBack, release, runFolder: folder } = await setUp();
  await quarantine();
  await adopt();
  expect(await bringBack()).toMatchObject({ exitCode: 0 });
  expect(await content(live)).toBe('old');
  expect(await readFile(join(folder, `${live}.replaced`, 'segment'), 'utf8')).toBe('restored');
  await release();
  await expect(stat(folder)).rejects.toThrow('ENOENT');
});

test('before its own data was set aside, nothing is touched', async () => {
  const { content, adopt } = await setUp();
  expect(await adopt()).toMatchObject({ exitCode: 23, lines: ['its own data was not set aside by this run'] });
  expect([await content(live), await content(giver)]).toEqual(['old', 'restored']);
});

test('data that somebody wrote into the emptied place is never overwritten, and an empty giver never taken', async () => {
  const { data, content, quarantine, adopt } = await setUp();
  await quarantine();
  await writeFile(join(data(live), 'segment'), 'of an early starter');
  expect((await adopt()).exitCode).toBe(23);
  expect([await content(live), await content(giver)]).toEqual(['of an early starter', 'restored']);
  await rm(join(data(live), 'segment'));
  await rm(join(data(giver), 'segment'));
  expect(await adopt()).toMatchObject({ exitCode: 23, lines: [expect.stringContaining('there is no data')] });
});

test.each(['after the record', 'between the two renames', 'after the rename', 'before the empty folder is in place'])(
  'cut off %s, the script is run again and ends in the same state',
  async (moment) => {
    const { data, content, record, quarantine, adopt } = await setUp();
    await quarantine();
    const { ino } = await stat(data(giver));
    await writeFile(record, `from=${giver}\ninode=${ino}\nfiles=1\n`);
    if (moment !== 'after the record') await rm(data(live), { recursive: true });
    if (moment.startsWith('after the rename') || moment.startsWith('before')) await rename(data(giver), data(live));
    if (moment.startsWith('before')) await mkdir(join(data(giver), '..', '_data.rekindle'));
    expect(await adopt()).toMatchObject({ exitCode: 0 });
    expect([await content(live), await readdir(data(giver))]).toEqual(['restored', []]);
  },
);

test('with another folder than the recorded one in either place, it refuses and moves nothing', async () => {
  const { data, content, record, quarantine, adopt } = await setUp();
  await quarantine();
  await writeFile(record, `from=${giver}\ninode=1\n`);
  expect(await adopt()).toMatchObject({ exitCode: 24 });
  expect(await adopt('another')).toMatchObject({ exitCode: 24 });
  expect([await readdir(data(live)), await content(giver)]).toEqual([[], 'restored']);
});
