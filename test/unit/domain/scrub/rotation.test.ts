import fc from 'fast-check';
import { decodeTable, emptyTable } from '../../../../domain/scrub/read-table.ts';
import { chooseFiles, type Candidate } from '../../../../domain/scrub/rotation.ts';

const day = 86_400;
const start = 1_800_000_000;

describe('which files are read', () => {
  const file = (number: number, readAt: number, isNew = false): Candidate => ({
    file: BigInt(number),
    bytes: 100,
    readAt,
    isNew,
  });

  test('what a backup has just written, at once; of the rest the share of a day in five and a half', () => {
    const old = Array.from({ length: 100 }, (_, number) => file(number, 0));
    const fresh = Array.from({ length: 10 }, (_, number) => file(1000 + number, 0, true));
    const chosen = chooseFiles([...old, ...fresh], { now: start, before: start - day, days: 7 });
    expect(fresh.every((each) => chosen(each.file))).toBe(true);
    const count = old.filter((each) => chosen(each.file)).length;
    expect(count).toBeGreaterThan(100 / 7);
    expect(count).toBeLessThan(30);
  });

  test('those that were read longest ago come first, and those whose time would be over in any case', () => {
    const due = Array.from({ length: 50 }, (_, number) => file(number, start - 7 * day));
    const recent = Array.from({ length: 50 }, (_, number) => file(100 + number, start - day));
    const chosen = chooseFiles([...recent, ...due], { now: start, before: start - day, days: 7 });
    expect(due.every((each) => chosen(each.file))).toBe(true);
    expect(recent.some((each) => chosen(each.file))).toBe(false);
  });

  test('another attempt of the same scrub reads no more than what the first one left', () => {
    const done = Array.from({ length: 20 }, (_, number) => file(number, start + 10));
    const rest = Array.from({ length: 80 }, (_, number) => file(100 + number, 0));
    const again = { now: start + 60, since: start, before: start - day, days: 7 };
    const chosen = chooseFiles([...done, ...rest], again);
    expect(done.some((each) => chosen(each.file))).toBe(false);
    expect(rest.filter((each) => chosen(each.file)).length).toBe(0);
  });

  test('whatever the interval of the backups and the sizes: each file is read within the days', () => {
    const scene = fc.record({
      days: fc.integer({ min: 2, max: 30 }),
      hours: fc.integer({ min: 1, max: 24 }),
      sizes: fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 60 }),
    });
    fc.assert(
      fc.property(scene, ({ days, hours, sizes }) => {
        const files = sizes.map((bytes, number): Candidate => ({
          file: BigInt(number),
          bytes,
          readAt: 0,
          isNew: false,
        }));
        const step = hours * 3600;
        let before: number | undefined;
        for (let now = start; now <= start + 3 * days * day; now += step) {
          const chosen = chooseFiles(files, { now, days, ...(before !== undefined && { before }) });
          for (const each of files) if (chosen(each.file)) each.readAt = now;
          before = now;
          if (now < start + days * day) continue;
          for (const { readAt } of files) if (readAt < now - days * day) return false;
        }
        return true;
      }),
      { numRuns: 100 },
    );
  });
});

describe('the table of what was read', () => {
  test('comes back from its bytes, without what is gone', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(), fc.nat()), {
      selector: ([file]) => file,
    });
    fc.assert(
      fc.property(entries, entries, (first, second) => {
        const known = new Map<bigint, { at: number; crc: number }>();
        let table = emptyTable();
        for (const round of [first, second]) {
          for (const [file, at, crc] of round) {
            table.put(file, { at, crc });
            known.set(file, { at, crc });
          }
          table = decodeTable(table.encode());
        }
        for (const [file, entry] of known) expect(table.find(file)).toEqual(entry);
        const even = decodeTable(table.encode((file) => file % 2n === 0n));
        for (const [file, entry] of known) expect(even.find(file)).toEqual(file % 2n === 0n ? entry : undefined);
        expect(table.encode().length).toBe(16 * known.size);
      }),
    );
  });

  test('bytes that are none begin a new one', () => {
    expect(decodeTable(new Uint8Array(17)).encode()).toHaveLength(0);
  });
});
