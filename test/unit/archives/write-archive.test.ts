import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeArchive, type ArchiveEntries } from '../../../systems/archives/write-archive.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkw-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = '2026-11-21T09:30:00.000Z';
const verify = () => Promise.resolve();
const write = (fill: (entries: ArchiveEntries) => Promise<void>, check = verify) =>
  writeArchive(join(folder, 'x.tgz'), { splitBytes: 500_000, at, verify: check }, fill);
/** What no compressor makes smaller. */
const large = () => new Uint8Array(randomBytes(2_000_000));

test('a disk that refuses in the middle ends the export with its own reason, and nothing is left', async () => {
  const inTheWay = join(folder, '.x.tgz.002.rekindle-tmp');
  const work = write(async (entries) => {
    await writeFile(inTheWay, '');
    for (let entry = 0; entry < 5; entry += 1) await entries.addWhole(`entry-${entry}`, large());
  });
  await expect(work).rejects.toMatchObject({
    kind: 'ArchiveRefused',
    message: expect.stringContaining('EEXIST') as string,
  });
  expect(await readdir(folder)).toEqual(['.x.tgz.002.rekindle-tmp']);
});

test('what fails while it is filled, or does not pass the check, is thrown as it is, and nothing is left', async () => {
  const broken = new Error('The source broke');
  const filled = write(async (entries) => {
    await entries.addWhole('entry', large());
    throw broken;
  });
  await expect(filled).rejects.toBe(broken);
  const checked = write(
    (entries) => entries.addWhole('entry', large()),
    () => Promise.reject(broken),
  );
  await expect(checked).rejects.toBe(broken);
  expect(await readdir(folder)).toEqual([]);
});

test.each([1, 4, 6, 100])(
  'content of another length than was announced is refused: %i instead of 5',
  async (length) => {
    const content = new Uint8Array(length);
    const work = write((entries) => entries.add('entry', 5, pieces(content)));
    await expect(work).rejects.toMatchObject({
      kind: 'ArchiveRefused',
      message: expect.stringContaining('5 bytes') as string,
    });
    expect(await readdir(folder)).toEqual([]);
  },
);

async function* pieces(content: Uint8Array) {
  yield await Promise.resolve(content);
}
