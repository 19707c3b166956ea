import { demoPlatform, demoSituation } from '../demo-situation.ts';
import { refusal, type FakeOptions } from './fake-platform.ts';
import { failureOf, test } from './scene.ts';

function withHook(options: Partial<FakeOptions> = {}): Partial<FakeOptions> {
  const platform = demoPlatform();
  const hook = { name: 'imports', service: 'api', before: ['pause'], after: ['resume'], timeoutSeconds: 60 };
  platform.backup = { ...platform.backup, hooks: [hook] };
  return { situation: demoSituation({ platform }), ...options };
}

test('a backup runs its hook, reads, and takes the hook back', async ({ openScene }) => {
  const { start, journal } = await openScene(withHook());
  await (await start('backup')).result();
  const seen = journal.ended.filter((what) => /^(runHook|takeSnapshot|publish)/.test(what));
  expect(seen).toEqual(['runHook api', 'takeSnapshot documents', 'runHook api', 'publishRecoveryPoint']);
});

test('a backup that fails while the hook holds takes it back all the same', async ({ openScene }) => {
  const { start, journal } = await openScene(
    withHook({
      onStep: (what) => {
        if (what === 'takeSnapshot documents') throw refusal('SnapshotFailed', 'the bucket is full');
        return undefined;
      },
    }),
  );
  expect(await failureOf(await start('backup'))).toMatchObject({ type: 'SnapshotFailed' });
  expect(journal.ended.filter((what) => what === 'runHook api')).toHaveLength(2);
  expect(journal.began).not.toContain('publishRecoveryPoint');
});

test('a hook that fails is taken back, too: it may have done half of its work', async ({ openScene }) => {
  const { start, journal } = await openScene(
    withHook({
      onStep: (what, attempt) => {
        if (what === 'runHook api' && attempt === 1) throw refusal('ContainerFailed', 'exit code 3');
        return undefined;
      },
    }),
  );
  expect(await failureOf(await start('backup'))).toMatchObject({ type: 'ContainerFailed' });
  expect(journal.ended.filter((what) => what === 'runHook api')).toHaveLength(1);
  expect(journal.began).not.toContain('takeSnapshot documents');
});
