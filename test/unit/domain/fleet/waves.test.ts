import fc from 'fast-check';
import { membersInWaves, waveCount, waveText, type Surveyed } from '../../../../domain/fleet/waves.ts';
import { member } from './members.ts';

const surveyed = (platform: string, bytes?: number, trouble?: string): Surveyed => {
  const place = { host: 'one', taskQueue: 'q', repositories: [] };
  return { platform, ...place, ...(bytes !== undefined && { bytes }), ...(trouble !== undefined && { trouble }) };
};
const waves = (all: Surveyed[], canaries: string[], waveSize: number) => {
  const members = membersInWaves({ canaries, waveSize }, all);
  return Array.from({ length: waveCount(members) }, (_, at) =>
    members.filter(({ wave }) => wave === at + 1).map(({ platform }) => platform),
  );
};

test('canaries first, then by size, then what is of unknown size', () => {
  const all = [surveyed('unknown'), surveyed('big', 900), surveyed('b', 5), surveyed('a', 5), surveyed('canary', 500)];
  expect(waves(all, ['canary'], 2)).toEqual([['canary'], ['a', 'b'], ['big', 'unknown']]);
  expect(waves(all, [], 10)).toEqual([['a', 'b', 'canary', 'big', 'unknown']]);
});

test('what cannot be restored has failed before the first wave, with the reason', () => {
  const [bad] = membersInWaves({ canaries: [], waveSize: 5 }, [surveyed('bad', 1, 'its file is torn')]);
  expect(bad).toMatchObject({ state: 'failed', reason: 'its file is torn', wave: 1 });
});

test('every platform is in one wave, whatever the sizes; no wave is larger than it may be', () => {
  const sizes = fc.array(fc.option(fc.nat(1000), { nil: undefined }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 20 }), fc.nat(10), (bytes, waveSize, canaryCount) => {
      const all = bytes.map((size, index) => surveyed(`p${index}`, size));
      const canaries = all.slice(0, canaryCount).map(({ platform }) => platform);
      const found = waves(all, canaries, waveSize);
      expect(found.flat().toSorted()).toEqual(all.map(({ platform }) => platform).toSorted());
      if (canaries.length > 0) expect(found[0]!.toSorted()).toEqual(canaries.toSorted());
      for (const wave of found.slice(canaries.length > 0 ? 1 : 0)) expect(wave.length).toBeLessThanOrEqual(waveSize);
      expect(found.every((wave) => wave.length > 0)).toBe(true);
    }),
  );
});

test("a wave's text covers each plan that waits, in one order, and nothing else", () => {
  const planned = (platform: string, hash: string) => member(platform, { plan: { hash } });
  const text = waveText([planned('b', '2'), planned('a', '1'), member('unplanned')]);
  expect(text).toBe('a 1\nb 2\n');
  expect(waveText([planned('a', '1'), planned('b', '2')])).toBe(text);
  expect(waveText([planned('a', '1'), planned('b', '3')])).not.toBe(text);
  expect(waveText([planned('a', '1'), { ...planned('b', '2'), state: 'failed' }])).toBe('a 1\n');
});
