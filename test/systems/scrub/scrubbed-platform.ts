import { withBases, type Bases } from '../../../domain/bases.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { noteMetadata } from '../../../operations/backup/note-metadata.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { expectedSetObject } from '../../../operations/recovery-points/read-point.ts';
import { scrubStore } from '../../../operations/scrub/scrub-store.ts';
import type { ScrubExtent } from '../../../domain/plans/step-arguments.ts';
import type { StepOutcome } from '../../../domain/plans/steps.ts';
import type { ElasticsearchStore, Platform } from '../../../domain/platform.ts';
import type { ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import type { Catalogue } from '../../../systems/catalogue/catalogue.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';
import { s3Keys } from '../servers.ts';
import { held, type ScrubScene } from './scrub-scene.ts';

/** A platform whose store keeps its snapshots in the scene's bucket, with a catalogue of its points. */
export interface ScrubbedPlatform {
  open: OpenPlatform;
  catalogue: Catalogue;
  scrub: (scope: ScrubExtent, run?: string) => Promise<StepOutcome>;
  /** Makes a recovery point of a snapshot. */
  publish: (snapshot: string, repository?: string) => Promise<void>;
  /** Ids of the bad points. */
  bad: () => Promise<string[]>;
}

export async function scrubbedPlatform(scene: ScrubScene, scrubDays = 7): Promise<ScrubbedPlatform> {
  const catalogue = openCatalogue(memoryStorage(), 'demo');
  const base = demoPlatform('demo');
  const endpoint = await scene.servers.endpointFromHere();
  const stores = base.stores.map((store) =>
    store.kind === 'elasticsearch'
      ? ({
          ...store,
          repository: { name: 'backup', type: 's3', settings: { bucket: 'backups', base_path: 'es', endpoint } },
        } satisfies ElasticsearchStore)
      : store,
  );
  const platform: Platform = { ...base, stores, backup: { ...base.backup, scrubDays } };
  const store = stores.find(({ kind }) => kind === 'elasticsearch')?.name ?? '';
  const based = (bases: Bases | undefined) => ({ ...open, platform: withBases(platform, bases), filed: platform });
  const open: OpenPlatform = {
    platform,
    based,
    catalogue,
    // The scene's own stays open.
    elasticsearch: () =>
      Promise.resolve(Object.assign(Object.create(scene.client) as Client, { close: () => undefined })),
    storeSecrets: () =>
      Promise.resolve({
        's3.client.default.access_key': s3Keys.accessKey,
        's3.client.default.secret_key': s3Keys.secretKey,
      }),
  } as unknown as OpenPlatform;
  return {
    open,
    catalogue,
    scrub: (scope, run = 'scrub/demo/1') =>
      scrubStore(
        open,
        {
          platform: 'demo',
          run,
          execution: 'x',
          arguments: { store, scope, since: nextSecond(), timeoutSeconds: 600 },
        },
        {},
      ),
    async publish(snapshot, repository = 'backup') {
      const set: Partial<ExpectedSet> = {
        version: 1,
        store,
        snapshot,
        repository,
        indices: held.map((index) => ({ ...index, state: 'open' as const, aliases: [], samples: [] })),
      };
      const bytes = new TextEncoder().encode(JSON.stringify(set));
      const object = await catalogue.putObject(snapshot, expectedSetObject(store), bytes);
      const startedAt = new Date(Date.UTC(2026, 10, 20) + minutes++ * 60_000).toISOString();
      const noted = await noteMetadata(open, { store, snapshot });
      const artefact = { store, kind: 'elasticsearch' as const, snapshot, repository, expectedSet: object };
      await catalogue.writeManifest({
        version: 1,
        id: snapshot,
        platform: 'demo',
        run: 'backup/demo/1',
        startedAt,
        finishedAt: startedAt,
        platformFileHash: 'f',
        stores: [{ ...artefact, ...noted, indices: held.length, shards: 4, totalBytes: 1, incrementalBytes: 1 }],
        images: {},
      });
    },
    bad: async () => (await catalogue.listPoints()).points.filter(({ bad }) => bad).map(({ id }) => id),
  };
}

let minutes = 0;
/** A scrub reads again what was read before it began, to the second. */
let last = 0;
function nextSecond(): string {
  last = Math.max(last + 1, Math.floor(Date.now() / 1000) + 1);
  return `${new Date(last * 1000).toISOString().slice(0, 19)}Z`;
}
