import { scrubName } from '../../domain/bases.ts';
import { inconclusive, observe } from '../observation.ts';
import { Failure } from '../../domain/failures.ts';
import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { RecoveryPointId, RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Coverage } from '../../domain/scrub/coverage.ts';
import { judgeScrub, whatStands, type Damage, type Healed } from '../../domain/scrub/damage.ts';
import { emptyTable } from '../../domain/scrub/read-table.ts';
import { bytes } from '../../domain/units.ts';
import type { Watch } from '../../domain/watch.ts';
import type { ScrubState } from '../../systems/catalogue/scrub-states.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { storeNamed } from '../stores/store-named.ts';
import { openScrubbedBucket, type ScrubbedBucket } from './bucket.ts';
import { damageOf, lostPoints } from './damages.ts';
import { healFiles, type Healing } from './heal.ts';
import { storePoints } from './held-points.ts';
import { markPoints } from './mark-points.ts';
import { secondRepositories } from './second-repository.ts';
import { scrubRepository, type Covered, type ScrubFound, type ScrubScope } from './scrub-repository.ts';

/** Without rotation with backups, what is read still counts as recent for so long. */
const daysWithoutRotation = 7;

type Call = StepCall<'scrubStore'>;

export interface ScrubbedBase {
  outcome: StepOutcome;
  /** Repositories that other points of the store are in. */
  elsewhere: string[];
}

/**
 * Scrubs the base of the store's repository that the platform is on. Reads the wanted part of a store's repository from its bucket, without Elasticsearch; puts damaged files back from the
 * bucket's versions; marks the recovery points that refer to what is left. An attempt that is repeated goes on where the
 * last state was kept. Failures: those of the storage, MissingSecret.
 */
export async function scrubBase(open: OpenPlatform, call: Call, watch: Watch): Promise<ScrubbedBase> {
  const { since, scope } = call.arguments;
  const store = storeNamed(open.platform, 'elasticsearch', call.arguments.store);
  const name = scrubName(store.name, store.base);
  const bucket = await openScrubbedBucket({ ...open }, store);
  if ('unseen' in bucket) {
    const remedy = 'Give the secrets of a repository of type s3 in the platform file; nothing else can be read';
    const checks = [inconclusive(`scrub ${name}`, bucket.unseen, remedy)];
    return { outcome: { summary: bucket.unseen, checks }, elsewhere: [] };
  }
  const state = await stateOf(open, store, bucket);
  const { summaries, points, unreadable, elsewhere } = await storePoints(open, store);
  const days = open.platform.backup.scrubDays || daysWithoutRotation;
  const keep = (covered: Covered, changed: Partial<ScrubState> = {}, holds?: ScrubFound['holds']) => {
    const next = { ...state, ...changed };
    return open.catalogue.writeScrub(
      coverageOf(name, { at: since, days, damaged: next.damages.length }, covered),
      next,
      holds,
    );
  };
  const request = {
    scope: scopeOf(scope, days, state.sharedAt),
    since: Math.floor(Date.parse(since) / 1000),
    days,
    points,
    suspected: new Set(state.damages.map(({ key }) => key)),
  };
  const scrubbed = await attempted(() => scrubRepository(bucket, request, state.table, keep, watch));
  if ('failure' in scrubbed) {
    const spoilt = points.map(({ id }) => id);
    const outcome = await unusable(open, name, { state, summaries, spoilt, call, failure: scrubbed.failure, keep });
    return { outcome, elsewhere };
  }

  const { found } = scrubbed;
  const healing = await heal(open, store, { bucket, found, state }, watch);
  const now = new Date().toISOString();
  const before = new Map(state.damages.map((damage) => [damage.key, damage]));
  const damages = [...healing.left.map(damageOf), ...lostPoints(found, state.generation)].map((damage) => ({
    ...damage,
    since: before.get(damage.key)?.since ?? now,
  }));
  // What this scrub did not read again is still damaged, if it is still there.
  const seen = new Set([...damages.map(({ key }) => key), ...healing.healed.map(({ file }) => file.key)]);
  if (scope !== 'share' && scope !== 'all')
    damages.push(
      ...state.damages.filter(({ key }) => !seen.has(key) && !found.readAgain.has(key) && found.keys.has(key)),
    );
  const { spoiled, recovered } = await markPoints(open, name, damages, summaries, call.run);
  const known = new Set(before.keys());
  const shared = scope === 'share' ? { sharedAt: since } : {};
  const covered = found.coverage;
  await keep(covered, { ...shared, generation: found.look.repository.generation, damages }, found.holds);

  const healed = healing.healed.map(({ file, from }): Healed => ({ key: file.key, what: file.what, from }));
  const read = `${found.files} files read, ${bytes(found.bytes)}; ${covered.recentFiles} of ${covered.files} within ${days} days`;
  const { points: after } = await open.catalogue.listPoints();
  const checks = judgeScrub({ store: name, damages, known, spoiled, healed, stands: whatStands(after), read });
  const notes = [
    read,
    damages.length === 0 ? 'no fault' : `${damages.length} damaged`,
    ...(healed.length > 0 ? [`${healed.length} put back`] : []),
    ...(healing.note === undefined ? [] : [`none could be put back: ${healing.note}`]),
    ...(recovered.length > 0 ? [`good again: ${recovered.join(', ')}`] : []),
    ...(unreadable.length > 0 ? [`not read, their manifests are damaged: ${unreadable.join(', ')}`] : []),
  ];
  return { outcome: { summary: notes.join('; '), checks }, elsewhere };
}

/** Without a fault the second repositories are not even opened. */
async function heal(
  open: OpenPlatform,
  store: ElasticsearchStore,
  { bucket, found, state }: { bucket: ScrubbedBucket; found: ScrubFound; state: ScrubState },
  { signal }: Watch,
): Promise<Healing> {
  if (found.faults.length === 0) return { healed: [], left: [] };
  const second = await observe(() => secondRepositories(open, store));
  const healing = await healFiles(bucket, found.faults, state.table, {
    ...('seen' in second && { second: second.seen }),
    signal,
  });
  return 'failure' in second ? { ...healing, note: second.failure.message } : healing;
}

/** What is known of another bucket or folder says nothing of this one. */
async function stateOf(
  open: Pick<OpenPlatform, 'catalogue'>,
  store: ElasticsearchStore,
  { place }: ScrubbedBucket,
): Promise<ScrubState> {
  const state = await open.catalogue.readScrub(scrubName(store.name, store.base));
  return state.place === place || state.place === undefined
    ? { ...state, place }
    : { place, damages: [], table: emptyTable() };
}

function scopeOf(scope: Call['arguments']['scope'], days: number, sharedAt: string | undefined): ScrubScope {
  if (scope === 'all') return { kind: 'all' };
  if (scope !== 'share') return { kind: 'point', id: scope.point };
  const before = sharedAt === undefined ? {} : { before: Math.floor(Date.parse(sharedAt) / 1000) };
  return { kind: 'share', days, ...before };
}

async function attempted(work: () => Promise<ScrubFound>): Promise<{ found: ScrubFound } | { failure: Failure }> {
  try {
    return { found: await work() };
  } catch (error) {
    if (error instanceof Failure && error.kind === 'RepositoryCorrupted') return { failure: error };
    throw error;
  }
}

/** Without the repository's index no point can be restored. */
async function unusable(
  open: OpenPlatform,
  name: string,
  found: {
    state: ScrubState;
    summaries: RecoveryPointSummary[];
    spoilt: RecoveryPointId[];
    call: Call;
    failure: Failure;
    keep: (covered: Covered, changed: Partial<ScrubState>) => Promise<void>;
  },
): Promise<StepOutcome> {
  const { state, summaries, spoilt: points, call, failure, keep } = found;
  const damage: Damage = {
    key: 'index-N',
    what: "the repository's index",
    fault: failure.message,
    points,
    since: state.damages.find(({ key }) => key === 'index-N')?.since ?? new Date().toISOString(),
  };
  const known = new Set(state.damages.map(({ key }) => key));
  const { spoiled } = await markPoints(open, name, [damage], summaries, call.run);
  await keep({ files: 0, recentFiles: 0, bytes: 0, recentBytes: 0, oldest: 0 }, { damages: [damage] });
  const stands = whatStands((await open.catalogue.listPoints()).points);
  return {
    summary: failure.message,
    checks: judgeScrub({
      store: name,
      damages: [damage],
      known,
      spoiled,
      healed: [],
      stands,
      read: 'nothing was read',
    }),
  };
}

function coverageOf(store: string, known: Pick<Coverage, 'at' | 'days' | 'damaged'>, covered: Covered): Coverage {
  const { oldest, ...figures } = covered;
  const readAt =
    Number.isFinite(oldest) && oldest > 0 ? `${new Date(oldest * 1000).toISOString().slice(0, 19)}Z` : undefined;
  return { store, ...known, ...figures, ...(readAt !== undefined && { oldest: readAt }) };
}
