import { checkIndices } from '../../../operations/preflight/indices.ts';
import { checkPatterns } from '../../../operations/validate/patterns.ts';
import type { PatternMatch } from '../../../systems/elasticsearch/indices.ts';
import { elasticsearchSeen, storeSeen } from './preflight-seen.ts';

const match = (pattern: string, indices: string[] = [], aliases: PatternMatch['aliases'] = []) => ({
  pattern,
  indices,
  aliases,
});
const check = (matches: PatternMatch[], held: string[] = [], present = ['nuvla-job', 'nuvla-user', 'orders-000001']) =>
  checkPatterns({ name: 'documents', indices: matches.map(({ pattern }) => pattern) }, matches, { present, held });

test('every pattern means an index', () => {
  expect(check([match('nuvla-*', ['nuvla-job']), match('orders-000001', ['orders-000001'])])).toMatchObject({
    verdict: 'pass',
    evidence: 'Each of nuvla-*, orders-000001 matches an index',
  });
});

test('one that means nothing: what is there, and what may be meant', () => {
  expect(check([match('nuvla-*', ['nuvla-job']), match('nuvla-jbo'), match('other-*')])).toEqual({
    name: 'indices documents',
    verdict: 'fail',
    evidence:
      'No index matches nuvla-jbo, other-* (the cluster has nuvla-job, nuvla-user, orders-000001); did you mean "nuvla-job"?',
    remedy:
      'Correct stores.documents.indices in the platform file: a backup takes only the indices that its patterns match',
  });
  expect(check([match('nuvla-*')], [], []).evidence).toBe('No index matches nuvla-* (the cluster has no index)');
});

test('an alias: its index is named, also when only a pattern meets it', () => {
  const aliases = [{ name: 'orders', indices: ['orders-000001'] }];
  for (const pattern of ['orders', 'order*s'])
    expect(check([match(pattern, [], aliases)])).toMatchObject({
      verdict: 'fail',
      evidence: 'orders is an alias of orders-000001',
      remedy: expect.stringContaining('write orders-000001, or a pattern for it, in place of orders') as string,
    });
  expect(check([match('orders*', ['orders-000001'], aliases)]).verdict).toBe('pass');
});

test('one that means what a recovery point holds: the data is gone, the pattern is right', () => {
  expect(check([match('nuvla-*')], ['nuvla-job'], []).verdict).toBe('pass');
  expect(check([match('nuvla_typo-*')], ['nuvla-job'], []).verdict).toBe('fail');
});

test('preflight asks the living cluster, and the recovery point that it is about', () => {
  const seen = (matches: PatternMatch[]) =>
    storeSeen({ elasticsearch: { seen: elasticsearchSeen({ patterns: { seen: { matches, present: [] } } }) } });
  expect(checkIndices(seen([match('nuvla-*')]))).toMatchObject({ verdict: 'pass' });
  expect(checkIndices(seen([match('nuvla_typo-*')]))).toMatchObject({ name: 'indices documents', verdict: 'fail' });
  expect(checkIndices(storeSeen({ elasticsearch: { unseen: 'dead', omitted: true } }))).toBeUndefined();
});
