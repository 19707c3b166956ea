import { judgeSkew } from '../../../domain/streams/judge-skew.ts';

const manifest = { id: '2026-11-21t0930z', platform: 'demo', skewSeconds: 5.25 };

test('stores that are as close as is wanted pass; others make the point suspect, with what to do', () => {
  expect(judgeSkew(manifest, { skewSeconds: 6 })).toMatchObject([{ name: 'skew', verdict: 'pass' }]);
  const [check] = judgeSkew(manifest, { skewSeconds: 5 });
  expect(check).toMatchObject({
    verdict: 'fail',
    evidence: 'The stores of 2026-11-21t0930z are 5.3 s apart; at most 5 s are wanted',
    remedy: expect.stringContaining('rekindle accept demo 2026-11-21t0930z') as string,
  });
});

test('without an objective, or with one store alone, nothing is judged', () => {
  expect(judgeSkew(manifest, {})).toEqual([]);
  expect(judgeSkew({ ...manifest, skewSeconds: undefined }, { skewSeconds: 5 })).toEqual([]);
});
