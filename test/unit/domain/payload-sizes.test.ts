import { toTemporal } from '../../../activities/failures.ts';
import { ChecksFailed } from '../../../domain/checks-failed.ts';
import { failed, passed, summedUp } from '../../../domain/checks.ts';
import { Failure } from '../../../domain/failures.ts';
import { boundedLoss } from '../../../domain/runs/forecast.ts';
import { planOf } from './plan-queries.ts';

// What passes through Temporal must not grow with the number of indices: from 2 MB on the server refuses it.

const most = 256 * 1024;
const names = Array.from({ length: 20_000 }, (_, index) => `nuvla-resource-log-of-a-tenant-${index}`);
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

test('a plan', () => {
  const held = names.map((name, index) => ({ name, state: index % 2 === 0 ? ('open' as const) : ('closed' as const) }));
  expect(bytesOf(planOf({ indices: { documents: held } }))).toBeLessThan(most);
});

test('the forecast of what is lost: those that lose most are named, the others are summed up', () => {
  const lost = names.map((index, place) => ({ index, atLeast: 1, atMost: 20_000 - place }));
  const bounded = boundedLoss(lost);
  expect(bytesOf(bounded)).toBeLessThan(most);
  expect(bounded.indices?.[0]).toEqual(lost[0]);
  expect(bounded.others).toMatchObject({ indices: 19_950, atLeast: 19_950 });
  expect(boundedLoss(lost.slice(0, 3))).toEqual({ indices: lost.slice(0, 3) });
});

describe('a verification', () => {
  const evidence = '1,000 of 1,000 documents, 20 of 20 samples equal, 1 primaries, 0 aliases';
  const good = names.map((name) => passed(`index ${name}`, evidence));
  const shards = passed('shards', '20000 of 20000 primaries started');

  test('that passes is one line', () => {
    const { checks, summed } = summedUp([shards, ...good], 'index ', 'indices');
    expect(checks).toEqual([shards, { ...passed('indices', '20000 of 20000 indices passed') }]);
    expect(summed).toBe(true);
  });

  test('that fails names the first indices, counts the others, and never passes', () => {
    const bad = names.slice(0, 10_000).map((name) => failed(`index ${name}`, 'the index is missing', 'choose another'));
    const { checks } = summedUp([shards, ...bad, ...good.slice(10_000)], 'index ', 'indices');
    expect(checks.filter(({ verdict }) => verdict === 'fail')).toHaveLength(21);
    expect(checks.at(-1)).toEqual(
      failed('indices', '10000 of 20000 indices passed; 9980 more did not', 'choose another'),
    );
    expect(bytesOf(toTemporal(new ChecksFailed('documents is not what was backed up', checks), false))).toBeLessThan(
      most,
    );
  });

  test('of a platform as most are is left as it is', () => {
    expect(summedUp(good.slice(0, 50), 'index ', 'indices')).toEqual({ checks: good.slice(0, 50), summed: false });
  });
});

test('a failure that names every index', () => {
  const failure = new Failure('RestoreFailed', { message: `These exist: ${names.join(', ')}`, remedy: 'delete them' });
  expect(toTemporal(failure, false).message.length).toBeLessThan(9000);
});
