import {
  checkFiles,
  checkIndices,
  checkNodes,
  checkShards,
  type FileObservation,
  type SnapshotObservation,
} from '../../../domain/recovery-points/backup-checks.ts';

const taken = {
  store: 'documents',
  snapshot: 'snapshot.a',
  repository: 's3_backup',
  indices: [
    { name: 'one', primaries: 3 },
    { name: 'two', primaries: 1 },
  ],
};
const whole = (primaries: number) => ({ done: primaries, failed: 0, total: primaries });
const look: SnapshotObservation = {
  state: 'SUCCESS',
  indices: { one: whole(3), two: whole(1), other: whole(2) },
  nodes: { verified: ['a', 'b'], wanted: ['a', 'b'] },
};

describe('what Elasticsearch says', () => {
  test('all there', () => {
    for (const check of [checkNodes, checkIndices, checkShards]) expect(check(taken, look).verdict).toBe('pass');
    expect(checkShards(taken, look).evidence).toContain('4 of 4 shards');
  });

  test('a node that does not reach the repository', () => {
    const check = checkNodes(taken, { ...look, nodes: { verified: ['a'], wanted: ['a', 'b'] } });
    expect(check).toMatchObject({ verdict: 'fail', evidence: expect.stringContaining('not on b') as string });
    expect(checkNodes(taken, { ...look, nodes: { verified: [], wanted: [] } }).verdict).toBe('fail');
  });

  test('an index that is not in the snapshot, and an incomplete snapshot', () => {
    const { two, ...rest } = look.indices;
    expect(two).toBeDefined();
    const check = checkIndices(taken, { ...look, indices: rest });
    expect(check).toMatchObject({ verdict: 'fail', evidence: 'snapshot.a lacks two' });
    expect(checkIndices(taken, { ...look, state: 'PARTIAL' }).evidence).toContain('PARTIAL');
  });

  test.each([
    [{ done: 2, failed: 1, total: 3 }, 'one 2 of 3 done, 1 failed'],
    [{ done: 3, failed: 0, total: 4 }, 'one 3 of 3 done, 0 failed'],
    [{ done: 2, failed: 0, total: 2 }, 'one 2 of 3 done, 0 failed'],
  ])('shards %o', (one, evidence) => {
    const check = checkShards(taken, { ...look, indices: { ...look.indices, one } });
    expect(check).toMatchObject({ verdict: 'fail', evidence: `snapshot.a: ${evidence}` });
  });

  test('an index without any shard in the status', () => {
    expect(checkShards(taken, { ...look, indices: { one: whole(3) } }).evidence).toContain('two 0 of 1 done');
  });
});

describe('what lies in the bucket', () => {
  const blobs: FileObservation = { files: 12, shards: 3, allShards: 4, faults: [], unreadable: [] };
  const check = (more: Partial<FileObservation>) =>
    checkFiles(taken, 'bucket b', { ...blobs, ...more }, 'put them back');

  test('all there', () => {
    expect(check({})).toMatchObject({ verdict: 'pass', evidence: '12 files of 3 of 4 shards are in bucket b' });
  });

  test('a file is gone', () => {
    expect(check({ faults: ['one[2]: indices/x/2/__a (_0.cfs) is not there'] })).toMatchObject({
      verdict: 'fail',
      remedy: 'put them back',
      evidence: expect.stringContaining('one[2]: indices/x/2/__a') as string,
    });
  });

  test('an unreadable list is reported', () => {
    expect(check({ unreadable: ['one[1]: not SMILE'] }).evidence).toMatch(
      /of 1 shards only the snap-\*\.dat.*not SMILE/,
    );
  });
});
