import { inBatches } from '../../../../domain/copies/batches.ts';
import { chooseIndices } from '../../../../domain/copies/choose-indices.ts';
import { faultOfName, parseRules, rename, renamingOf } from '../../../../domain/copies/rename.ts';

describe('which indices are meant', () => {
  const held = ['nuvla-job', 'nuvla-tmp-1', 'nuvla-user', 'other', '.kibana_1', '.security-7'];

  test.each([
    [
      'all but Elasticsearch’s own',
      ['*'],
      ['nuvla-job', 'nuvla-tmp-1', 'nuvla-user', 'other'],
      ['.kibana_1', '.security-7'],
      [],
    ],
    ['a pattern', ['nuvla-*'], ['nuvla-job', 'nuvla-tmp-1', 'nuvla-user'], [], []],
    ['less what is excluded', ['nuvla-*', '-nuvla-tmp*'], ['nuvla-job', 'nuvla-user'], [], []],
    ['only an exclusion: all the rest', ['-nuvla-*'], ['other'], [], []],
    ['one of Elasticsearch’s own, named', ['.kibana_1'], ['.kibana_1'], [], []],
    ['the same by a pattern: left out', ['.kibana*'], [], ['.kibana_1'], []],
    ['what is not there', ['nuvla-job', 'gone', 'lost-*'], ['nuvla-job'], [], ['gone', 'lost-*']],
  ])('%s', (_what, patterns, chosen, leftOut, unmatched) => {
    expect(chooseIndices(held, patterns)).toEqual({ chosen, leftOut, unmatched });
  });
});

describe('renaming', () => {
  test.each([
    ['nuvla-job', ['nuvla-*=staging-*'], '', 'staging-job'],
    ['other', ['nuvla-*=staging-*'], '', 'other'],
    ['nuvla-job', ['nuvla-job=job'], '', 'job'],
    ['nuvla-job-2', ['nuvla-job=job'], '', 'nuvla-job-2'],
    ['nuvla-job', ['nuvla-job=first', '*=all-*'], '', 'first'],
    ['nuvla-user', ['nuvla-job=first', '*=all-*'], '', 'all-nuvla-user'],
    ['a.b', ['a.b=c'], '', 'c'],
    ['axb', ['a.b=c'], '', 'axb'],
    ['nuvla-job', [], '-20261121', 'nuvla-job-20261121'],
    ['nuvla-job', ['nuvla-*=staging-*'], '-2', 'staging-job-2'],
  ])('%s by %j and %j is %s', (name, rules, suffix, expected) => {
    expect(rename(name, renamingOf(name, parseRules(rules), suffix))).toBe(expected);
  });

  test('one expression serves all that a rule fits', () => {
    const rules = parseRules(['nuvla-*=staging-*']);
    expect(renamingOf('nuvla-job', rules)).toEqual(renamingOf('nuvla-user', rules));
    expect(renamingOf('nuvla-job', rules)).toEqual({ pattern: '^nuvla-(.*)$', replacement: 'staging-$1' });
    expect(renamingOf('other', rules)).toBeUndefined();
  });

  test.each(['nuvla', 'a=', '=b', 'a*b*=c*', 'a*=b', 'a=b*', 'a=b=c', 'a=$b', String.raw`a=b\1`])(
    '"%s" is no rule',
    (text) => {
      expect(() => parseRules([text])).toThrow(expect.objectContaining({ kind: 'InvalidArgument' }) as Error);
    },
  );

  test.each([
    ['nuvla-job', undefined],
    ['.hidden', undefined],
    ['Nuvla', /lower case/],
    ['-a', /begins/],
    ['a b', /space/],
    ['a:b', /holds/],
    ['é'.repeat(128), /255 bytes/],
  ])('the name %s', (name, fault) => {
    if (fault === undefined) expect(faultOfName(name)).toBeUndefined();
    else expect(faultOfName(name)).toMatch(fault);
  });
});

describe('batches', () => {
  const list = [1, 1, 3, 9, 1].map((primaries, index) => ({ primaries, name: `i${index}` }));
  const names = (batches: { name: string }[][]) => batches.map((batch) => batch.map(({ name }) => name).join());

  test('each within both limits, in order; what is too large is alone', () => {
    expect(names(inBatches(list, undefined, { indices: 2, shards: 5 }))).toEqual(['i0,i1', 'i2', 'i3', 'i4']);
    expect(names(inBatches(list, undefined, { indices: 9, shards: 5 }))).toEqual(['i0,i1,i2', 'i3', 'i4']);
  });

  test('only what belongs together shares one', () => {
    expect(names(inBatches(list, ({ primaries }) => String(primaries)))).toEqual(['i0,i1,i4', 'i2', 'i3']);
  });
});
