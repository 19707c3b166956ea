import { checkCopy } from '../../../../domain/copies/checks.ts';
import { fatesOf } from '../../../../domain/copies/fates.ts';
import { planCopy } from '../../../../domain/copies/plan-copy.ts';
import { deletedByCopy, namesInCopyStep } from '../../../../domain/copies/words.ts';
import { inOrder } from '../../../../domain/plans/plan.ts';
import { copySituation, expectedSet, indexOf } from './samples.ts';

type Given = NonNullable<Parameters<typeof copySituation>[0]>;

const there = (uuid: string) => ({ uuid, state: 'open' as const });
const actionsOf = (given: Given) => inOrder(planCopy(copySituation(given)).steps).map(({ id }) => id);
const checksOf = (given: Given) => {
  const situation = copySituation(given);
  return Object.fromEntries(checkCopy(situation, fatesOf(situation)).map((check) => [check.name, check]));
};

describe('the steps', () => {
  test('repository, snapshot, throttles, indices, proof, replicas, and nothing stays behind', () => {
    const plan = planCopy(copySituation({ wishes: { rename: ['nuvla-*=staging-*'] } }));
    expect(inOrder(plan.steps).map(({ id }) => id)).toEqual([
      'register-source',
      'verify-source',
      'raise-throttles',
      'copy-1',
      'verify-1',
      'reset-throttles',
      'raise-replicas',
      'forget-source',
    ]);
    expect(plan.pointOfNoReturn).toBeUndefined();
    expect(plan.steps.find(({ id }) => id === 'copy-1')).toMatchObject({
      arguments: {
        from: 'production',
        repository: 'rekindle-copy-production-documents',
        indices: [
          { source: 'nuvla-job', restored: 'staging-job' },
          { source: 'nuvla-user', restored: 'staging-user' },
        ],
        renaming: { pattern: '^nuvla-(.*)$', replacement: 'staging-$1' },
        aliases: true,
        withoutReplicas: true,
      },
      undo: { action: 'discardCopied' },
    });
    expect(plan.steps.find(({ id }) => id === 'raise-replicas')).toMatchObject({
      arguments: { replicas: { '1': ['staging-job', 'staging-user'] } },
    });
  });

  test('without replicas, none are raised', () => {
    expect(actionsOf({ wishes: { settings: { 'index.number_of_replicas': '0' } } })).not.toContain('raise-replicas');
  });

  test('an index that is there is deleted right before its batch, by its uuid', () => {
    const plan = planCopy(
      copySituation({ wishes: { existing: 'replace' }, seen: { indices: { 'nuvla-job': there('u1') } } }),
    );
    expect(plan.pointOfNoReturn).toBe('remove-1');
    expect(plan.steps.find(({ id }) => id === 'remove-1')).toMatchObject({
      arguments: { indices: [{ index: 'nuvla-job', uuid: 'u1' }] },
      destructive: true,
    });
    expect(plan.steps.find(({ id }) => id === 'copy-1')).toMatchObject({ after: ['remove-1'] });
    // What is new is no part of that batch.
    expect(plan.steps.find(({ id }) => id === 'copy-2')).toMatchObject({
      arguments: { indices: [{ source: 'nuvla-user', restored: 'nuvla-user' }] },
    });
  });

  test('an index that is there stays, and is no part of the plan', () => {
    const plan = planCopy(
      copySituation({ wishes: { existing: 'skip' }, seen: { indices: { 'nuvla-job': there('u1') } } }),
    );
    expect(plan.steps.find(({ id }) => id === 'copy-1')).toMatchObject({
      arguments: { indices: [{ source: 'nuvla-user', restored: 'nuvla-user' }] },
    });
  });

  test('swapped in: restored beside, without aliases, which all change in one moment', () => {
    const plan = planCopy(
      copySituation({
        indices: [indexOf('nuvla-job', { aliases: ['jobs'] })],
        wishes: { existing: 'swap' },
        seen: { indices: { 'nuvla-job': there('u1') } },
      }),
    );
    expect(plan.steps.find(({ id }) => id === 'copy-1')).toMatchObject({
      arguments: { aliases: false, indices: [{ source: 'nuvla-job', restored: 'nuvla-job-2026-11-21t1000z' }] },
    });
    expect(plan.pointOfNoReturn).toBe('swap-aliases');
    expect(plan.steps.find(({ id }) => id === 'swap-aliases')).toMatchObject({
      arguments: {
        swaps: [
          {
            name: 'nuvla-job',
            index: 'nuvla-job-2026-11-21t1000z',
            removes: { index: 'nuvla-job', uuid: 'u1' },
            leaves: [],
          },
          { name: 'jobs', index: 'nuvla-job-2026-11-21t1000z', leaves: [] },
        ],
      },
    });
  });

  test('swapped in a second time: the alias moves, what it meant stays, and gives up its other aliases', () => {
    const before = 'nuvla-job-2026-11-21t1000z';
    const plan = planCopy(
      copySituation({
        indices: [indexOf('nuvla-job', { aliases: ['jobs'] })],
        wishes: { existing: 'swap' },
        seen: { indices: { [before]: there('u1') }, aliases: { 'nuvla-job': [before], jobs: [before, 'other'] } },
      }),
    );
    expect(plan.steps.find(({ id }) => id === 'swap-aliases')).toMatchObject({
      arguments: {
        swaps: [
          { name: 'nuvla-job', index: `${before}-2`, leaves: [before] },
          { name: 'jobs', index: `${before}-2`, leaves: [before] },
        ],
      },
    });
  });

  test('an alias that only the predecessor has moves with it, also when no aliases are brought', () => {
    const seen = { indices: { 'nuvla-job': there('u1') }, aliases: { 'app-reads': ['nuvla-job', 'other'] } };
    for (const aliases of [true, false]) {
      const situation = copySituation({
        indices: [indexOf('nuvla-job', { aliases: ['jobs'] })],
        wishes: { existing: 'swap', aliases },
        seen,
      });
      const swap = planCopy(situation).steps.find((step) => step.action === 'swapAliases');
      expect(swap?.arguments.swaps.map(({ name }) => name)).toEqual([
        'nuvla-job',
        'app-reads',
        ...(aliases ? ['jobs'] : []),
      ]);
    }
  });

  test('the files of both platforms are a part of the plan: when the repository moves, its hash is another', () => {
    const { from, ...situation } = copySituation({});
    const hashes = ['p', 'q'].map(
      (fileHash) => planCopy({ ...situation, from: { ...from, fileHash } }).platformFileHash,
    );
    expect(new Set(hashes).size).toBe(2);
  });

  test('people read the exact names, and what is deleted', () => {
    const seen = { indices: { 'nuvla-job': there('u1'), 'nuvla-user': there('u2') } };
    const { steps } = planCopy(copySituation({ wishes: { existing: 'replace' }, seen }));
    const wordsOf = (id: string) =>
      steps.filter((step) => step.id === id).map((step) => namesInCopyStep(step)?.join(', '));
    expect(wordsOf('remove-1')).toEqual(['nuvla-job, nuvla-user']);
    expect(wordsOf('copy-1')).toEqual(['nuvla-job, nuvla-user']);
    expect(deletedByCopy(steps)).toEqual(['nuvla-job', 'nuvla-user']);
    const swapped = planCopy(
      copySituation({ wishes: { existing: 'swap' }, seen: { indices: { 'nuvla-job': there('u1') } } }),
    );
    const point = '2026-11-21t1000z';
    expect(swapped.steps.map((step) => namesInCopyStep(step)?.join(', '))).toEqual(
      expect.arrayContaining([
        `nuvla-job → nuvla-job-${point}`,
        `nuvla-job means nuvla-job-${point} (deletes the index nuvla-job)`,
        `1 replicas for nuvla-job-${point} nuvla-user`,
      ]),
    );
    expect(deletedByCopy(swapped.steps)).toEqual(['nuvla-job']);
  });

  test('many indices come in batches, one after the other', () => {
    const indices = Array.from({ length: 120 }, (_, index) => indexOf(`logs-${String(index).padStart(3, '0')}`));
    const plan = planCopy(copySituation({ indices }));
    const copies = plan.steps.filter(({ action }) => action === 'copyIndices');
    expect(copies.map(({ after }) => after)).toEqual([['raise-throttles'], ['copy-1'], ['copy-2']]);
  });

  test('back into the same platform: its own repository is used', () => {
    const situation = copySituation({ wishes: { existing: 'swap' } });
    const plan = planCopy({ ...situation, from: { ...situation.from, platform: 'staging' } });
    expect(plan.steps.find(({ id }) => id === 'copy-1')).toMatchObject({
      arguments: { from: 'staging', repository: situation.store.repository.name },
    });
  });
});

describe('what is found before anything is touched', () => {
  test('all is well', () => {
    const checks = checksOf({});
    expect(Object.values(checks).map(({ verdict }) => verdict)).toEqual(Object.keys(checks).map(() => 'pass'));
    expect(checks['indices']).toMatchObject({
      warning: true,
      evidence: expect.stringContaining('.kibana_1') as string,
    });
  });

  const stream = expectedSet([indexOf('.ds-logs-000001')], {
    dataStreams: [{ name: 'logs', indices: ['.ds-logs-000001'] }],
  });
  const faults: [string, Given, string, RegExp][] = [
    ['an index is there', { seen: { indices: { 'nuvla-job': there('u') } } }, 'names', /nuvla-job is there already/],
    [
      'an alias is there',
      { wishes: { existing: 'replace' }, seen: { aliases: { 'nuvla-job': ['x'] } } },
      'names',
      /an alias of x/,
    ],
    [
      'a data stream is there',
      { wishes: { existing: 'swap' }, seen: { dataStreams: ['nuvla-job'] } },
      'names',
      /data stream/,
    ],
    [
      'names clash',
      { wishes: { rename: ['nuvla-job=one', 'nuvla-user=one'] } },
      'names',
      /nuvla-job and nuvla-user would both be called one/,
    ],
    ['a name that is none', { wishes: { rename: ['nuvla-*=Staging-*'] } }, 'names', /lower case/],
    [
      'a data stream by another name',
      { expected: stream, wishes: { indices: ['.ds-*'], rename: ['*=new-*'] } },
      'names',
      /comes back whole/,
    ],
    [
      'all are there',
      { wishes: { existing: 'skip' }, seen: { indices: { 'nuvla-job': there('u'), 'nuvla-user': there('v') } } },
      'names',
      /All are there/,
    ],
    ['nothing fits', { wishes: { indices: ['gone'] } }, 'indices', /nothing that matches gone/],
    [
      'an alias is an index there',
      { indices: [indexOf('a', { aliases: ['b'] })], seen: { indices: { b: there('u') } } },
      'aliases',
      /name of an index: b/,
    ],
    [
      'a setting that is fixed',
      { wishes: { settings: { 'index.number_of_shards': '1' } } },
      'settings',
      /number_of_shards/,
    ],
    [
      'a setting that must have a value',
      { wishes: { ignoreSettings: ['index.number_of_replicas'] } },
      'settings',
      /cannot change index.number_of_replicas/,
    ],
    [
      'no setting of an index',
      { wishes: { ignoreSettings: ['number_of_replicas'] } },
      'settings',
      /number_of_replicas/,
    ],
    ['no shard is placed', { seen: { allocation: 'none' } }, 'allocation', /enable is none/],
    [
      'too many shards',
      { seen: { shards: { open: 995, most: 1000 } } },
      'shards',
      /995 open, 12 are added, 1000 allowed/,
    ],
    ['the disk is too small', { indices: [indexOf('a')], seen: { freeBytes: 1e6 } }, 'disk', /needs 1.0 GB/],
    ['an older version', { seen: { version: '8.11.0' } }, 'version', /older/],
    [
      'an index that is too old',
      { seen: { version: '9.1.0' }, created: { 'nuvla-job': 7 } },
      'created versions',
      /nuvla-job \(7.x\)/,
    ],
  ];
  test.each(faults)('%s', (_what, given, check, evidence) => {
    expect(checksOf(given)[check]).toMatchObject({
      verdict: 'fail',
      evidence: expect.stringMatching(evidence) as string,
    });
    expect(checksOf(given)[check]?.remedy).not.toBe('');
  });

  test.each(['primaries', 'new_primaries'])(
    'allocation of %s alone is a warning where replicas are wanted',
    (allocation) => {
      expect(checksOf({ seen: { allocation } })['allocation']).toMatchObject({ verdict: 'pass', warning: true });
      const wishes = { settings: { 'index.number_of_replicas': '0' } };
      expect(checksOf({ seen: { allocation }, wishes })['allocation']).toMatchObject({ verdict: 'pass' });
      expect(checksOf({})['allocation']).toBeUndefined();
    },
  );

  test('an alias that would mean two indices is a warning', () => {
    const given = { indices: [indexOf('a', { aliases: ['all'] })], seen: { aliases: { all: ['b'] } } };
    expect(checksOf(given)['aliases']).toMatchObject({ verdict: 'pass', warning: true });
    expect(checksOf({ ...given, wishes: { aliases: false } })['aliases']).toBeUndefined();
  });
});
