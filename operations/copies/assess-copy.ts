import { checkCopy } from '../../domain/copies/checks.ts';
import { fatesOf } from '../../domain/copies/fates.ts';
import { planCopy } from '../../domain/copies/plan-copy.ts';
import type { CopySituation } from '../../domain/copies/situation.ts';
import { usualWishes, type CopyWishes } from '../../domain/copies/wishes.ts';
import { overallVerdict } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import { isDeployed, storesOfKind, type ElasticsearchStore, type Platform } from '../../domain/platform.ts';
import { createdWith } from '../../domain/recovery-points/expected-set.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { CopyInput } from '../../domain/runs/run.ts';
import { createdVersions, observeDestination } from '../../systems/elasticsearch/copies/observe-destination.ts';
import { observeHosts } from '../hosts/observe-hosts.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { chooseReadable } from '../recovery-points/choose-readable.ts';
import { choiceOf } from '../recovery-points/point-choice.ts';
import { basedAsPoint } from '../repository/bases.ts';
import { readExpectedSet } from '../recovery-points/read-point.ts';
import type { Assessment } from '../restore/assess-restore.ts';
import { withElasticsearch } from '../stores/with-elasticsearch.ts';
import { withHash } from '../with-hash.ts';

/** Both sides of a copy. */
export interface BothSides {
  source: OpenPlatform;
  destination: OpenPlatform;
}

/**
 * Chooses the recovery point, looks at the destination, resolves patterns to names, checks and plans; nothing is changed on
 * either side. `onChosen`: pins the point. Failures: InvalidArgument, RecoveryPointNotFound; those of reading either side.
 */
export async function assessCopy(
  { source, destination }: BothSides,
  input: CopyInput,
  onChosen?: (recoveryPoint: RecoveryPointId) => Promise<void>,
): Promise<Assessment> {
  const { name: fromName } = storeOf(source.platform, input.fromStore);
  const store = storeOf(
    destination.platform,
    input.store ?? (hasStore(destination.platform, fromName) ? fromName : undefined),
  );
  const { manifest, read: expected } = await chooseReadable(source, choiceOf(input), ({ id }) =>
    readExpectedSet(source, id, fromName),
  );
  await onChosen?.(manifest.id);
  const told = createdWith(expected);
  // The point may be in a later base of its repository.
  const fromStore = storeOf(basedAsPoint(source, manifest).platform, fromName);
  const [seen, created] = await Promise.all([
    withElasticsearch(destination, store, observeDestination),
    // An older point does not tell, and the source may be gone: that is what backups are for.
    told ? { seen: told } : observe(() => withElasticsearch(source, fromStore, createdVersions)),
  ]);
  const wishes = wishesOf(input);
  const stops = wishes.stopUsers && isDeployed(destination.platform);
  const containers = stops ? (await observeHosts(destination)).observed.containers : undefined;
  const names = new Set(expected.indices.map(({ name }) => name));
  const { adopted } = manifest;
  const situation: CopySituation = {
    platform: destination.platform,
    platformFileHash: destination.fileHash,
    host: destination.host,
    store,
    from: {
      platform: source.platform.platform,
      fileHash: source.fileHash,
      store: fromStore.name,
      repository: fromStore.repository,
    },
    recoveryPoint: { id: manifest.id, startedAt: manifest.startedAt, ...(adopted && { adopted: true as const }) },
    expected,
    wishes,
    seen,
    ...('seen' in created && {
      created: Object.fromEntries(Object.entries(created.seen).filter(([name]) => names.has(name))),
    }),
    ...(containers && { containers }),
  };
  const fates = fatesOf(situation);
  const checks = checkCopy(onlyChosen(situation, fates.chosen), fates);
  return overallVerdict(checks) === 'pass' ? { plan: withHash(planCopy(situation)), checks } : { checks };
}

/** An index that is not wanted may be of any version. */
function onlyChosen(situation: CopySituation, chosen: readonly string[]): CopySituation {
  const { created } = situation;
  if (created === undefined) return situation;
  return {
    ...situation,
    created: Object.fromEntries(Object.entries(created).filter(([name]) => chosen.includes(name))),
  };
}

function wishesOf(input: CopyInput): CopyWishes {
  const { indices, rename, existing, aliases, settings, ignoreSettings, stopUsers } = input;
  return {
    indices: indices ?? usualWishes.indices,
    rename: rename ?? usualWishes.rename,
    existing: existing ?? usualWishes.existing,
    aliases: aliases ?? usualWishes.aliases,
    settings: settings ?? usualWishes.settings,
    ignoreSettings: ignoreSettings ?? usualWishes.ignoreSettings,
    stopUsers: stopUsers ?? usualWishes.stopUsers,
  };
}

const hasStore = (platform: Platform, wanted: string) =>
  storesOfKind(platform, 'elasticsearch').some(({ name }) => name === wanted);

/** Failure: InvalidArgument, when there is none of that name, or nobody says which. */
function storeOf(platform: Platform, wanted: string | undefined): ElasticsearchStore {
  const stores = storesOfKind(platform, 'elasticsearch');
  const [first, second] = stores;
  const store = wanted === undefined ? first : stores.find(({ name }) => name === wanted);
  if (store !== undefined && (wanted !== undefined || second === undefined)) return store;
  const names = stores.map(({ name }) => name).join(', ');
  throw new Failure('InvalidArgument', {
    message:
      wanted === undefined
        ? `${platform.platform} has ${stores.length} Elasticsearch stores, and none is named`
        : `${platform.platform} has no Elasticsearch store "${wanted}"`,
    remedy: names === '' ? 'A copy needs one on both sides' : `Name one with --store or --from-store: ${names}`,
  });
}
