import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import {
  recoveryPointId,
  type CatalogueObject,
  type ExpectedSet,
  type RecoveryPointManifest,
} from '../../../domain/recovery-points/recovery-point.ts';
import { encodeJson } from '../../../operations/json.ts';
import { expectedSetObject } from '../../../operations/recovery-points/read-point.ts';
import type { Catalogue } from '../../../systems/catalogue/catalogue.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';

/** A catalogue in a directory, with what backups would have left there. */
export interface WrittenCatalogue {
  catalogue: Catalogue;
  /** A recovery point whose data is from `secondsAgo`, and the outcome of its backup. Answers its id. */
  passes(secondsAgo: number): Promise<string>;
  /** A backup that failed, with its report. */
  fails(secondsAgo: number, failure: { kind: string; message: string; remedy: string }): Promise<void>;
  outcome(given: Partial<RunOutcome> & { run: string }): Promise<void>;
}

export function writtenCatalogue(folder: string, platform: string): WrittenCatalogue {
  const catalogue = openCatalogue(directoryStorage(folder), platform);
  const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString();
  const outcome: WrittenCatalogue['outcome'] = (given) =>
    catalogue.recordOutcome({ kind: 'backup', phase: 'passed', finishedAt: at(0), durationSeconds: 2, ...given });
  return {
    catalogue,
    outcome,
    async passes(secondsAgo) {
      const startedAt = at(secondsAgo);
      const finishedAt = at(secondsAgo - 2);
      const id = recoveryPointId(startedAt, new Set(await catalogue.takenIds()));
      const run = `backup/${platform}/${startedAt}`;
      const expectedSet = await catalogue.putObject(id, expectedSetObject(store), encodeJson(expected));
      await catalogue.writeManifest(manifest(platform, { id, run, startedAt, finishedAt }, expectedSet));
      await outcome({ run, finishedAt, recoveryPoint: id });
      return id;
    },
    async fails(secondsAgo, failure) {
      const finishedAt = at(secondsAgo);
      const run = `backup/${platform}/${finishedAt}`;
      await catalogue.writeReport(run, { run, phase: 'failed', finishedAt, failure });
      await outcome({ run, finishedAt, phase: 'failed', failure: failure.kind as RunOutcome['failure'] });
    },
  };
}

const store = 'documents';
const expected: Pick<ExpectedSet, 'version' | 'store' | 'indices'> = {
  version: 1,
  store,
  indices: [
    {
      name: 'nuvla-job',
      state: 'open',
      primaries: 3,
      aliases: ['jobs'],
      replicas: 1,
      documents: { atLeast: 23_000, atMost: 23_000 },
      samples: [{ id: 'a', sha256: '0'.repeat(64) }],
    },
  ],
};

function manifest(
  platform: string,
  point: Pick<RecoveryPointManifest, 'id' | 'run' | 'startedAt' | 'finishedAt'>,
  expectedSet: CatalogueObject,
): RecoveryPointManifest {
  return {
    version: 1,
    ...point,
    platform,
    platformFileHash: '0'.repeat(64),
    stores: [
      {
        store,
        kind: 'elasticsearch',
        snapshot: `snapshot.${point.id}`,
        repository: 's3_backup',
        indices: 6,
        documents: 23_000,
        shards: 8,
        totalBytes: 9_561_341,
        incrementalBytes: 1234,
        expectedSet,
      },
    ],
    capture: { key: `${platform}/points/${point.id}/capture.age`, sha256: '0'.repeat(64), bytes: 1 },
    images: {},
  };
}
