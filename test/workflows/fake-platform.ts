import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/activity';
import { fleetRunActivities } from '../../activities/fleet.ts';
import { incidentRunActivities } from '../../activities/incident-runs.ts';
import { temporalActivities } from '../../activities/locks-and-schedules.ts';
import type { Activities } from '../../activities/index.ts';
import type { IncidentReport } from '../../domain/incidents/report-back.ts';
import type { AnnounceCall } from '../../domain/notifications/announcement.ts';
import { passed, type Check } from '../../domain/checks.ts';
import { failureKinds, type FailureKind } from '../../domain/failures.ts';
import { canonicalJson, type Plan, type UnhashedPlan } from '../../domain/plans/plan.ts';
import { planBackup } from '../../domain/plans/plan-backup.ts';
import { planPrune, type Removal } from '../../domain/plans/plan-prune.ts';
import { planScrub } from '../../domain/plans/plan-scrub.ts';
import { planRollback } from '../../domain/plans/plan-rollback.ts';
import { planRebuild } from '../../domain/plans/plan-rebuild.ts';
import { planRestore, type RestoreSituation } from '../../domain/plans/plan-restore.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { sourcesOf } from '../../domain/runs/sources.ts';
import type { RunPolicy, StepCall } from '../../domain/runs/run.ts';
import type { Action, StepOutcome } from '../../domain/plans/steps.ts';
import { demoCapture, demoManifest, demoObserved, demoPlatform, demoSituation } from '../demo-situation.ts';
import { copyPlan } from './copy-plan.ts';
import { drillOf, keptDrillOf } from '../drill-situation.ts';
import { besideOf } from '../beside-situation.ts';
import { atLeastOnce } from './at-least-once.ts';

/** What the fake platform saw: `stopService api`, in the order in which the activities began and ended (each once: at-least-once.ts). */
export interface Journal {
  began: string[];
  ended: string[];
  reports: RunProgress[];
  proven: string[];
  announced: AnnounceCall[];
  /** What was reported back to incident tools. */
  told: IncidentReport[];
}

export interface FakePlatform {
  activities: Activities;
  journal: Journal;
  /** The plan that a restore of it gets. */
  restorePlan: Plan;
}

export interface FakeOptions {
  platform: string;
  taskQueue: string;
  policy?: Partial<RunPolicy>;
  /** What the platform file says when it is read again: edited, or a failure. */
  policyNow?: () => Promise<Partial<RunPolicy>>;
  situation?: Partial<RestoreSituation>;
  /** Called with `stopService api` before the activity ends; throws or waits as the test wants. */
  onStep?: (what: string, attempt: number) => Promise<StepOutcome | undefined> | StepOutcome | undefined;
  /** What a prune finds to remove, asked anew by each. */
  removals?: () => Removal[];
  overrides?: Partial<Activities> | ((own: Activities) => Partial<Activities>);
}

type StepCallSeen = Pick<StepCall<Action>, 'run' | 'scene'> & { arguments: object };

export function refusal(kind: FailureKind, message = 'a fault of the test', checks: Check[] = []): ApplicationFailure {
  return ApplicationFailure.create({
    type: kind,
    message,
    nonRetryable: !failureKinds[kind].retryable,
    details: [{ remedy: 'Repair the test', ...(checks.length > 0 && { checks }) }],
  });
}

const tenMinutes = { snapshotSeconds: 600, restoreSeconds: 600 };

/** As activities/planning.ts does; importing that would load every driver into each test file. */
function withHash(plan: UnhashedPlan): Plan {
  return { ...plan, hash: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
}

/**
 * A platform without servers. Plans are real ones; the lock is Temporal's own, so `describeLock` is the real activity
 * too; all other activities write into the journal and do as the test says.
 */
export function fakePlatform(options: FakeOptions): FakePlatform {
  const platform = options.situation?.platform ?? demoPlatform(options.platform);
  const journal: Journal = { began: [], ended: [], reports: [], proven: [], announced: [], told: [] };
  const restorePlan = withHash(
    planRestore(demoSituation({ platform, manifest: demoManifest(options.platform), ...options.situation })),
  );
  const planBeside = (promotes?: string) =>
    withHash(besideOf({ platform, manifest: demoManifest(options.platform) }).plan(promotes));
  const common = { platform, platformFileHash: 'f'.repeat(64), host: 'machine' };
  const policy: RunPolicy = {
    host: 'machine',
    taskQueue: options.taskQueue,
    approval: 'none',
    approvers: [],
    approvalsNeeded: 1,
    approvalTimeoutSeconds: 600,
    runningBackup: 'wait',
    quarantineHours: 72,
    outageSeconds: 10,
    limits: { healthTimeoutSeconds: 120, settleSeconds: 2, stopGraceSeconds: 30 },
    storeLimits: { documents: tenMinutes, jobs: tenMinutes },
    ...options.policy,
  };
  const attempts = new Map<string, number>();
  const step =
    (action: string) =>
    async ({ arguments: args, run, scene }: StepCallSeen): Promise<StepOutcome> => {
      const { service, volume, network, store, before } = args as Record<string, string | undefined>;
      // All steps of a drill are in its scene; a restore beside has some there and some in place.
      const where = scene && run.startsWith('restore/') ? 'beside' : undefined;
      const what = [action, service ?? volume ?? network ?? store ?? before, where].filter(Boolean).join(' ');
      const attempt = (attempts.get(what) ?? 0) + 1;
      attempts.set(what, attempt);
      journal.began.push(what);
      const outcome = await options.onStep?.(what, attempt);
      journal.ended.push(what);
      if (outcome) return outcome;
      const proof = /^(verify|compareStore|scrub)/.test(action) || action === 'publishRecoveryPoint';
      return { summary: `${what}: done`, ...(proof ? { checks: [passed(what, 'as it should be')] } : {}) };
    };
  const setAside = new Set<string>();
  const own: Activities = {
    describeLock: temporalActivities.describeLock,
    awaitUnlocked: temporalActivities.awaitUnlocked,
    cancelRun: temporalActivities.cancelRun,
    ...incidentRunActivities,
    ...fleetRunActivities,
    surveyPlatforms: ({ platforms }) =>
      Promise.resolve(
        platforms.map((name) => ({
          platform: name,
          host: policy.host,
          taskQueue: policy.taskQueue,
          repositories: ['s3:backups'],
        })),
      ),
    planMember: () => Promise.resolve({ plan: { hash: restorePlan.hash } }),
    tellIncident: (report) => {
      // One that Temporal gave up is sent again, as another activity.
      if (!journal.told.some(({ at, text }) => at === report.at && text === report.text)) journal.told.push(report);
      return Promise.resolve([{ to: report.source }]);
    },
    locate: async () => ({ ...policy, ...(await options.policyNow?.()) }),
    prepareRestore: ({ beside, promote }) =>
      Promise.resolve({
        plan: beside || promote !== undefined ? planBeside(promote) : restorePlan,
        checks: [passed('images', 'all there')],
        sources: sourcesOf(demoManifest(options.platform), demoCapture(), demoObserved()),
      }),
    assess: () => Promise.resolve({ plan: restorePlan, checks: [passed('images', 'all there')] }),
    prepareBackup: () =>
      Promise.resolve(
        withHash(planBackup({ ...common, recoveryPoint: '2026-11-21t1000z', startedAt: '2026-11-21T10:00:00.000Z' })),
      ),
    preparePrune: () => {
      const removals = options.removals?.() ?? [];
      const plan = withHash(planPrune({ ...common, removals, halfRemoved: [], runs: [] }));
      return Promise.resolve({ plan, checks: [passed('retention', `${removals.length} go`)] });
    },
    prepareScrub: ({ extent = 'all' }) =>
      Promise.resolve(withHash(planScrub({ ...common, scope: extent, startedAt: '2026-11-21T10:00:00Z' }))),
    prepareRebuild: ({ store }) => Promise.resolve(withHash(planRebuild({ ...common, only: store }))),
    answerHost: () => Promise.resolve(null),
    findGone: () => Promise.resolve({ steps: [], data: false }),
    isDataMoved: () => Promise.resolve(setAside.size > 0),
    prepareRollback: () =>
      Promise.resolve(
        withHash(
          planRollback({
            ...common,
            observed: demoObserved(),
            before: demoCapture(),
            quarantined: [...setAside].toSorted(),
            image: 'stack/elasticsearch:1',
          }),
        ),
      ),
    readQuarantine: () => Promise.resolve({ volumes: [...setAside].toSorted(), bytes: 1000 * setAside.size }),
    releaseQuarantine: () => {
      journal.ended.push(`releaseQuarantine ${[...setAside].toSorted().join(' ')}`);
      setAside.clear();
      return Promise.resolve();
    },
    exportTrace: () => Promise.resolve(undefined),
    writeReport: ({ report }) => {
      journal.reports.push(report);
      return Promise.resolve();
    },
    markProven: ({ recoveryPoint }) => {
      journal.proven.push(recoveryPoint);
      return Promise.resolve();
    },
    repeatPreflight: step('repeatPreflight'),
    recordDeployment: step('recordDeployment'),
    forgetDeployment: step('forgetDeployment'),
    pauseSchedules: step('pauseSchedules'),
    resumeSchedules: step('resumeSchedules'),
    stopService: step('stopService'),
    startService: step('startService'),
    fence: step('fence'),
    removeContainers: step('removeContainers'),
    createNetwork: step('createNetwork'),
    createVolume: step('createVolume'),
    quarantineVolume: async (call) => {
      const outcome = await step('quarantineVolume')(call);
      setAside.add(call.arguments.volume);
      return outcome;
    },
    returnVolume: async (call) => {
      const outcome = await step('returnVolume')(call);
      setAside.delete(call.arguments.volume);
      return { ...outcome, checks: [passed(`quarantine ${call.arguments.volume}`, 'as it was')] };
    },
    removeVolume: step('removeVolume'),
    awaitStore: step('awaitStore'),
    endBootstrap: step('endBootstrap'),
    configureRepository: step('configureRepository'),
    verifySnapshot: step('verifySnapshot'),
    raiseThrottles: step('raiseThrottles'),
    resetThrottles: step('resetThrottles'),
    restoreIndices: step('restoreIndices'),
    verifyIndices: step('verifyIndices'),
    prepareStore: step('prepareStore'),
    takeSnapshot: step('takeSnapshot'),
    verifyBackup: step('verifyBackup'),
    discardSnapshot: step('discardSnapshot'),
    runHook: step('runHook'),
    checkStore: step('checkStore'),
    backUpStore: step('backUpStore'),
    discardParts: step('discardParts'),
    verifyParts: step('verifyParts'),
    restoreParts: step('restoreParts'),
    compareStore: step('compareStore'),
    putBackParts: step('putBackParts'),
    releaseParts: step('releaseParts'),
    scrubParts: step('scrubParts'),
    failRunningJobs: step('failRunningJobs'),
    rebuildQueue: step('rebuildQueue'),
    verifyQueue: step('verifyQueue'),
    runContainer: step('runContainer'),
    markDeleting: step('markDeleting'),
    deleteSnapshots: step('deleteSnapshots'),
    removePoints: step('removePoints'),
    removeRunObjects: step('removeRunObjects'),
    captureDeployment: step('captureDeployment'),
    publishRecoveryPoint: step('publishRecoveryPoint'),
    clearUnfinished: step('clearUnfinished'),
    scrubStore: step('scrubStore'),
    registerSource: step('registerSource'),
    verifySource: step('verifySource'),
    forgetSource: step('forgetSource'),
    removeIndices: step('removeIndices'),
    copyIndices: step('copyIndices'),
    discardCopied: step('discardCopied'),
    verifyCopied: step('verifyCopied'),
    raiseReplicas: step('raiseReplicas'),
    swapAliases: step('swapAliases'),
    prepareCopy: ({ from, existing = 'fail' }) =>
      Promise.resolve({ plan: copyPlan(options.platform, from, existing), checks: [passed('version', 'fits')] }),
    releaseSource: ({ from }) => {
      journal.ended.push(`releaseSource ${from}`);
      return Promise.resolve();
    },
    prepareDrill: ({ keepHours }) =>
      Promise.resolve({
        plan: withHash((keepHours === undefined ? drillOf(platform) : keptDrillOf(platform, keepHours)).plan),
        checks: [passed('drill memory', 'fits')],
        sources: sourcesOf(demoManifest(options.platform), demoCapture(), demoObserved()),
      }),
    removeDrillLeftovers: step('removeDrillLeftovers'),
    recordEngine: step('recordEngine'),
    openScene: step('openScene'),
    leaveScene: step('leaveScene'),
    keepScene: step('keepScene'),
    adoptVolume: step('adoptVolume'),
    closeScene: step('closeScene'),
    proveUntouched: step('proveUntouched'),
    confirmHealth: step('confirmHealth'),
    smokeCheck: step('smokeCheck'),
    compareEngines: step('compareEngines'),
    announce: (call) => {
      journal.announced.push(call);
      return Promise.resolve({ notes: [], missed: [] });
    },
    evaluateReadiness: ({ platform: name }) =>
      Promise.resolve({
        next: {
          version: 1,
          platform: name,
          verdict: 'ready',
          since: '2026-11-21T10:00:00.000Z',
          at: '2026-11-21T10:00:00.000Z',
          everyMinutes: 30,
          unmet: [],
          checks: 1,
        } as const,
      }),
    faultOfSeal: () => Promise.resolve('no key in this test'),
    judgeFreshness: () =>
      Promise.resolve({ next: { version: 1, state: 'fresh', since: '2026-11-21T10:00:00.000Z' } as const }),
  };
  const { overrides } = options;
  const activities = { ...own, ...(typeof overrides === 'function' ? overrides(own) : overrides) };
  return { activities: atLeastOnce(activities), journal, restorePlan };
}
