import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decode, encode } from '../../../../gateway/incidents/journal-format.ts';
import { openJournal } from '../../../../gateway/incidents/journal.ts';
import { fillDisk } from './full-disk.ts';

const record = fc.record({ delivery: fc.string({ unit: 'grapheme' }), number: fc.nat() });
const records = fc.array(record, { maxLength: 6 });
const bytesOf = (given: object[]) => Buffer.from(given.map(encode).join(''));

describe('the format', () => {
  test('a crash at each byte leaves exactly the records that were complete', () => {
    fc.assert(
      fc.property(records, (given) => {
        const bytes = bytesOf(given);
        let [complete, end] = [0, 0];
        const ends = given.map((one) => (end += bytesOf([one]).length));
        for (let cut = 0; cut <= bytes.length; cut++) {
          complete = ends.filter((one) => one <= cut).length;
          const { records: read, goodBytes, damaged } = decode(bytes.subarray(0, cut));
          expect(read).toEqual(given.slice(0, complete));
          expect(goodBytes).toBe(ends[complete - 1] ?? 0);
          expect(damaged).toBe(0);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('one changed byte costs one record or two, and never makes up another', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, place, change) => {
        const bytes = bytesOf(given);
        if (bytes.length === 0) return;
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const read = decode(bytes).records.map((one) => JSON.stringify(one));
        const written = given.map((one) => JSON.stringify(one));
        expect(read.every((one) => written.includes(one))).toBe(true);
        expect(read.length).toBeGreaterThanOrEqual(given.length - 2);
      }),
    );
  });

  test('zeros and noise behind the last record are cut off', () => {
    fc.assert(
      fc.property(records, fc.uint8Array({ maxLength: 200 }), (given, noise) => {
        const bytes = bytesOf(given);
        for (const tail of [noise, Buffer.alloc(64)])
          expect(decode(Buffer.concat([bytes, tail]))).toEqual({ records: given, goodBytes: bytes.length, damaged: 0 });
      }),
    );
  });
});

describe('the file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rkt-journal-'));
    file = join(folder, 'journal');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('goes on after a crash at each byte', async () => {
    const given = [{ number: 1 }, { number: 2 }];
    const bytes = bytesOf(given);
    for (let cut = 0; cut <= bytes.length; cut++) {
      await writeFile(file, bytes.subarray(0, cut));
      const { journal, records: found, cutOff } = await openJournal(file);
      expect(cutOff).toBe(cut - bytesOf(found as object[]).length);
      await journal.append([{ number: 3 }]);
      await journal.close();
      expect(decode(await readFile(file))).toMatchObject({ records: [...found, { number: 3 }], damaged: 0 });
    }
  });

  test('damage in the middle is passed over and counted', async () => {
    const [one, two, three] = [1, 2, 3].map((number) => encode({ number }));
    await writeFile(file, `${one ?? ''}${(two ?? '').replace('2', '7')}${three ?? ''}`);
    const { journal, records: found, damaged } = await openJournal(file);
    expect(found).toEqual([{ number: 1 }, { number: 3 }]);
    expect(damaged).toBe(1);
    await journal.close();
  });

  test('written anew it holds the new records alone, and is appended to', async () => {
    const { journal } = await openJournal(file);
    await journal.append([{ number: 1 }]);
    await journal.replace([{ number: 2 }]);
    await journal.append([{ number: 3 }]);
    expect(journal.bytes()).toBe((await readFile(file)).length);
    await journal.close();
    expect(decode(await readFile(file)).records).toEqual([{ number: 2 }, { number: 3 }]);
  });

  test('a crash while it is written anew leaves the old one', async () => {
    const first = await openJournal(file);
    await first.journal.append([{ number: 1 }]);
    await first.journal.close();
    await writeFile(`${file}.new`, 'half of it');
    const { journal, records: found } = await openJournal(file);
    expect(found).toEqual([{ number: 1 }]);
    await journal.replace([{ number: 1 }]);
    await journal.close();
  });

  test('a disk that fills up in the middle of a record: the reason; later records are whole', async () => {
    const { journal } = await openJournal(file);
    await journal.append([{ number: 1 }]);
    const stop = await fillDisk(file);
    await expect(journal.append([{ number: 2 }])).rejects.toMatchObject({
      kind: 'DiskFull',
      message: `Incidents cannot be written to ${file}: ENOSPC`,
      remedy: 'Free space on its disk; senders retry',
    });
    stop();
    await journal.append([{ number: 3 }]);
    await journal.close();
    expect(decode(await readFile(file))).toMatchObject({ records: [{ number: 1 }, { number: 3 }], damaged: 0 });
  });

  test('a folder that is not there, or went away: the reason', async () => {
    const missing = join(folder, 'missing', 'journal');
    await expect(openJournal(missing)).rejects.toMatchObject({
      kind: 'DiskFull',
      message: `Incidents cannot be written to ${missing}: ENOENT`,
    });
  });
});
