import { checkCopy } from '../../../../domain/copies/checks.ts';
import { fatesOf } from '../../../../domain/copies/fates.ts';
import { planCopy } from '../../../../domain/copies/plan-copy.ts';
import type { CopySituation } from '../../../../domain/copies/situation.ts';
import { always, container, living } from './living.ts';

// One index into a living platform: who stands still, when, and who does not.

/** Ids of the steps in the order that `after` demands, as the plan lists them. */
const idsOf = (situation: CopySituation) => planCopy(situation).steps.map(({ id }) => id);
const usersCheck = (situation: CopySituation) =>
  checkCopy(situation, fatesOf(situation)).find(({ name }) => name === 'users');

test('what uses the index, or an alias of it, stands still around the swap, and no longer; the rest goes on', () => {
  const situation = living();
  const ids = idsOf(situation);
  expect(ids.slice(ids.indexOf('verify-1'))).toEqual([
    'verify-1',
    'reset-throttles',
    'raise-replicas',
    'stop-worker',
    'stop-api',
    'swap-aliases',
    'rebuild-jobs',
    'verify-jobs',
    'start-api',
    'start-worker',
    'forget-source',
  ]);
  const { steps } = planCopy(situation);
  const step = (id: string) => steps.find((one) => one.id === id);
  expect(step('stop-worker')?.after).toEqual(['raise-replicas']);
  expect(step('swap-aliases')?.after).toEqual(['stop-api']);
  expect(step('start-api')?.after).toEqual(['verify-jobs']);
  expect(step('stop-api')).toMatchObject({
    arguments: { containers: [{ name: 'demo-api-1', restartPolicy: always }] },
    undo: { action: 'startService', arguments: { service: 'api' } },
  });
  expect(usersCheck(situation)).toMatchObject({ verdict: 'pass', evidence: 'Stopped meanwhile: worker, api' });
});

test.each<[string, Parameters<typeof living>[0]]>([
  ['an index that was deleted', { there: [] }],
  ['one that is replaced', { wishes: { existing: 'replace' } }],
])('%s is restored under its own name: they stand still from the beginning', (_, change) => {
  const ids = idsOf(living(change));
  expect(ids.slice(0, 5)).toEqual(['register-source', 'verify-source', 'stop-worker', 'stop-api', 'raise-throttles']);
  expect(ids.indexOf('stop-api')).toBeLessThan(ids.findIndex((id) => /^(remove|copy)-/.test(id)));
});

test('an index that another service uses stops that one alone, and leaves the queue as it is', () => {
  const ids = idsOf(
    living({ wishes: { indices: ['nuvla-user'] }, uses: { api: ['nuvla-user'], worker: ['nuvla-job'] } }),
  );
  expect(ids.filter((id) => /^(stop|start|rebuild)-/.test(id))).toEqual(['stop-api', 'start-api']);
});

test('a service that rests is left at rest; with --keep-running nobody is stopped', () => {
  const resting = container('api', { running: false, restartPolicy: { name: 'no', maximumRetryCount: 0 } });
  expect(idsOf(living({ containers: [resting, container('worker')] })).filter((id) => id.endsWith('-api'))).toEqual([]);
  const going = living({ wishes: { stopUsers: false } });
  expect(idsOf(going).filter((id) => /^(stop|start)-/.test(id))).toEqual([]);
  expect(usersCheck(going)).toBeUndefined();
});

test('an index that nobody is said to use is a warning that names it', () => {
  expect(usersCheck(living({ uses: {} }))).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: 'No service is named that uses nuvla-job; nothing is stopped',
    remedy: expect.stringContaining('deployment.uses') as string,
  });
});
