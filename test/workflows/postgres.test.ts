import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Activities } from '../../activities/index.ts';
import { failed } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { StreamArtefact } from '../../domain/streams/stream-artefact.ts';
import { backUpStore } from '../../operations/streams/back-up-store.ts';
import { restoreParts, verifyParts } from '../../operations/streams/restore-store.ts';
import { openCatalogue } from '../../systems/catalogue/open-catalogue.ts';
import { generateKey } from '../../systems/encryption/age.ts';
import { directoryStorage } from '../../systems/object-storage/directory.ts';
import { directoryStreams } from '../../systems/object-storage/directory-streams.ts';
import { decide } from '../../workflows/messages.ts';
import { manifestWithPostgres, platformWithPostgres, situationWithPostgres } from '../postgres-situation.ts';
import { fakeStreamStore } from '../unit/systems/streams/fake-stream-store.ts';
import { refusal, type FakeOptions } from './fake-platform.ts';
import { failureOf, inPhase, progressOf, test, type Scene } from './scene.ts';

/** The demo platform with a PostgreSQL. */
function withPostgres(options: Partial<FakeOptions> = {}): Partial<FakeOptions> {
  const platform = `demo-${randomBytes(4).toString('hex')}`;
  return {
    platform,
    situation: situationWithPostgres({
      platform: platformWithPostgres(platform),
      manifest: manifestWithPostgres(platform),
    }),
    ...options,
  };
}

const at = ({ journal }: Scene, what: string) => journal.ended.indexOf(what);

describe('a platform with PostgreSQL', () => {
  test('is restored with the rest: read back first, compared before core starts', async ({ openScene }) => {
    const scene = await openScene(withPostgres());
    const report = (await (await scene.start('restore')).result()) as RunProgress;
    expect(report).toMatchObject({ phase: 'passed', verdict: 'pass' });
    expect(at(scene, 'verifyParts accounts')).toBeLessThan(at(scene, 'stopService job-distributor'));
    expect(at(scene, 'restoreParts accounts')).toBeGreaterThan(at(scene, 'quarantineVolume demo_pg-data'));
    expect(at(scene, 'compareStore accounts')).toBeGreaterThan(at(scene, 'restoreParts accounts'));
    expect(scene.journal.began.indexOf('startService api')).toBeGreaterThan(at(scene, 'releaseParts accounts'));
    expect(report.checks.map(({ name }) => name)).toContain('compareStore accounts');
    // The fresh backup at the end takes both stores.
    expect(at(scene, 'backUpStore accounts')).toBeGreaterThan(at(scene, 'resumeSchedules'));
  });

  test('whose parts are damaged is not touched', async ({ openScene }) => {
    const scene = await openScene(
      withPostgres({
        onStep: (what) => {
          if (what === 'verifyParts accounts') throw refusal('RepositoryCorrupted', 'a part is missing');
          return undefined;
        },
      }),
    );
    const handle = await scene.start('restore');
    expect(await failureOf(handle)).toMatchObject({ type: 'RepositoryCorrupted' });
    expect(scene.journal.began.filter((what) => /^(stopService|quarantineVolume)/.test(what))).toEqual([]);
    expect(scene.journal.ended).toContain('resumeSchedules');
  });

  test('that does not compare waits for a person, who brings the old data back', async ({ openScene }) => {
    const scene = await openScene(
      withPostgres({
        onStep: (what) => {
          if (what === 'compareStore accounts') throw refusal('VerificationFailed', 'a table lacks rows');
          return undefined;
        },
      }),
    );
    const handle = await scene.start('restore');
    await inPhase(handle, 'waiting for decision');
    expect((await progressOf(handle)).pendingDecisions).toMatchObject([{ step: 'verify-accounts' }]);
    await handle.executeUpdate(decide, { args: [{ step: 'verify-accounts', choice: 'rollback', by: 'ann' }] });
    await failureOf(handle);
    expect(at(scene, 'returnVolume demo_pg-data')).toBeGreaterThan(0);
    // Core starts with the old data, and never with the restored.
    const starts = scene.journal.ended.indexOf('startService api');
    expect(starts).toBeGreaterThan(at(scene, 'returnVolume demo_pg-data'));
  });

  test('whose dump fails has no new point, and what was written of it is removed', async ({ openScene }) => {
    const scene = await openScene(
      withPostgres({
        onStep: (what) => {
          if (what === 'verifyParts accounts') throw refusal('RepositoryCorrupted', 'a part is missing');
          return undefined;
        },
      }),
    );
    expect(await failureOf(await scene.start('backup'))).toMatchObject({ type: 'RepositoryCorrupted' });
    expect(scene.journal.ended).toContain('discardParts accounts');
    expect(scene.journal.ended).toContain('discardSnapshot documents');
    expect(scene.journal.began).not.toContain('publishRecoveryPoint');
  });
});

/** A store that really holds something, in memory, behind the activities of the steps; its parts go into a directory. */
async function realStore() {
  const root = await mkdtemp(join(tmpdir(), 'rekindle-streams-'));
  const { identity, recipient } = await generateKey();
  const { store, content } = fakeStreamStore();
  const streams = directoryStreams(root);
  const destination = {
    streams,
    catalogue: openCatalogue(directoryStorage(root), 'demo'),
    platform: 'demo',
    point: '2026-11-21t0930z',
    recipient,
    silenceSeconds: 30,
  };
  const expected = Object.fromEntries(content);
  const artefact: StreamArtefact = await backUpStore(store, { name: 'accounts', kind: 'postgres' }, destination);
  const overrides: Pick<Activities, 'verifyParts' | 'restoreParts' | 'compareStore' | 'releaseParts'> = {
    verifyParts: async () => ({ summary: 'read back', checks: await verifyParts(artefact, streams, identity) }),
    async restoreParts({ run }) {
      await restoreParts(store, artefact, { streams, identity, run });
      return { summary: 'restored' };
    },
    async compareStore() {
      const checks = await store.compare(expected, {});
      if (checks.some(({ verdict }) => verdict !== 'pass')) throw new ChecksFailed('another content', checks);
      return { summary: 'as it was', checks };
    },
    async releaseParts({ run }) {
      await store.release(
        artefact.parts.map(({ part }) => part),
        run,
        {},
      );
      return { summary: 'released' };
    },
  };
  return { content, expected, overrides, cleanUp: () => rm(root, { recursive: true }) };
}

describe('a store of streams that is lost', () => {
  test('comes back in a run, although the worker is replaced in its middle', async ({ openScene }) => {
    const { content, expected, overrides, cleanUp } = await realStore();
    try {
      let attempts = 0;
      const scene = await openScene(
        withPostgres({
          overrides: {
            ...overrides,
            async restoreParts(call) {
              // The first attempt's worker ends before it can report.
              const outcome = await overrides.restoreParts(call);
              if (++attempts === 1) throw new Error('the worker is gone');
              return outcome;
            },
          },
        }),
      );
      content.clear();
      const report = (await (await scene.start('restore')).result()) as RunProgress;
      expect(report.verdict).toBe('pass');
      expect(attempts).toBe(2);
      expect(Object.fromEntries(content)).toEqual(expected);
    } finally {
      await cleanUp();
    }
  });
});

describe('what is said of it', () => {
  test('a check that failed is in the report, with its remedy', async ({ openScene }) => {
    const check = failed('database accounts/app', 'public.job has 1 rows, not 2', 'Restore this database again');
    const scene = await openScene(
      withPostgres({
        onStep: (what) => (what === 'compareStore accounts' ? { summary: 'no', checks: [check] } : undefined),
      }),
    );
    const handle = await scene.start('restore');
    await failureOf(handle);
    expect((await progressOf(handle)).checks).toContainEqual(check);
  });
});
