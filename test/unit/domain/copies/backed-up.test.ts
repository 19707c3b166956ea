import { checkCopy } from '../../../../domain/copies/checks.ts';
import { fatesOf } from '../../../../domain/copies/fates.ts';
import type { CopyWishes } from '../../../../domain/copies/wishes.ts';
import { living } from './living.ts';

// What is swapped in under another name must be in the next backup, too.

const check = (indices: string[], wishes: Partial<CopyWishes> = {}) => {
  const situation = living({ wishes });
  const named = { ...situation, store: { ...situation.store, indices } };
  return checkCopy(named, fatesOf(named)).find(({ name }) => name === 'backed up');
};

test('a platform file that names the index exactly is a warning, with what to write', () => {
  expect(check(['nuvla-job', 'nuvla-user'])).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: 'stores.documents.indices means nuvla-job, and not what is swapped in: nuvla-job-2026-11-21t1000z',
    remedy: expect.stringMatching(/^Add 'nuvla-job-\*' there/) as string,
  });
});

test.each<[string, string[], Partial<CopyWishes>]>([
  ['a pattern that fits both', ['nuvla-*'], {}],
  ['neither is backed up', ['other-*'], {}],
  ['the name stays that of an index', ['nuvla-job'], { existing: 'replace' }],
])('%s: nothing to say', (_, indices, wishes) => {
  expect(check(indices, wishes)).toBeUndefined();
});
