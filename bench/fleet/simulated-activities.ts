import { createActivities, type Activities } from '../../activities/index.ts';
import { fleetRunActivities } from '../../activities/fleet.ts';
import { incidentRunActivities } from '../../activities/incident-runs.ts';
import { temporalActivities } from '../../activities/locks-and-schedules.ts';
import { hostTaskQueue, type Environment } from '../../config/environment.ts';
import { passed } from '../../domain/checks.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { PlatformName } from '../../domain/platform.ts';
import { runPolicyOf } from '../../domain/runs/run-policy.ts';
import { fingerprint } from '../../domain/schedule/fingerprint.ts';
import { dependenciesOf } from '../../operations/open-platform.ts';
import { simulatedBackupPlan, simulatedPlatform, simulatedRestorePlan } from './simulated-platform.ts';

/** The machines of the simulated fleet; each has a worker process. */
export const hosts = ['one', 'two'] as const;

const hostOf = (platform: PlatformName): string => hosts[fingerprint(platform) % hosts.length] ?? hosts[0];

/** What activities do in Temporal itself is real: locks, schedules, and waiting for the ends of restores. */
const real = { ...temporalActivities, ...incidentRunActivities, ...fleetRunActivities };

/**
 * Every activity of the product by its name, done in no time and without a trace: what is measured is Temporal, the
 * workflows and the worker around them, which is the product's own.
 */
export function simulatedActivities(environment: Environment): Activities {
  const answers = answersOf(environment);
  const names = Object.keys(createActivities(dependenciesOf(environment)));
  const simulated = Object.fromEntries(names.map((name) => [name, step(name)]));
  return { ...simulated, ...real, ...answers } as unknown as Activities;
}

/** Those that answer with more than the outcome of a step. */
export function answersOf({ taskQueue }: Pick<Environment, 'taskQueue'>): Partial<Activities> {
  const checks = [passed('simulated', 'there is nothing to check')];
  const nothing = () => Promise.resolve(undefined);
  return {
    locate: ({ platform }) => {
      const host = hostOf(platform);
      return Promise.resolve(
        runPolicyOf(simulatedPlatform(platform), { host, taskQueue: hostTaskQueue(taskQueue, host) }),
      );
    },
    surveyPlatforms: ({ platforms }) =>
      Promise.resolve(
        platforms.map((platform) => {
          const host = hostOf(platform);
          const place = { host, taskQueue: hostTaskQueue(taskQueue, host), repositories: ['s3:backups'] };
          return { platform, ...place, bytes: fingerprint(platform) };
        }),
      ),
    planMember: ({ platform }) => {
      const { hash, recoveryPoint } = simulatedRestorePlan(platform, hostOf(platform));
      return Promise.resolve({ plan: { hash, ...(recoveryPoint && { point: recoveryPoint.id }) } });
    },
    prepareRestore: ({ platform }) =>
      Promise.resolve({ plan: simulatedRestorePlan(platform, hostOf(platform)), checks }),
    assess: ({ platform }) => Promise.resolve({ plan: simulatedRestorePlan(platform, hostOf(platform)), checks }),
    prepareBackup: ({ platform }) => Promise.resolve(simulatedBackupPlan(platform, hostOf(platform))),
    findGone: () => Promise.resolve({ steps: [], data: false }),
    isDataMoved: () => Promise.resolve(true),
    readQuarantine: ({ platform }) => Promise.resolve({ volumes: [`${platform}_data`], bytes: 1000 }),
    releaseQuarantine: () => Promise.resolve(),
    writeReport: () => Promise.resolve(),
    markProven: () => Promise.resolve(),
    announce: () => Promise.resolve({ notes: [], missed: [] }),
    exportTrace: nothing,
  };
}

/** A step that verifies says that it did: a run without a check has no verdict. */
function step(name: string): () => Promise<StepOutcome> {
  const proves = name.startsWith('verify') || name === 'publishRecoveryPoint';
  const outcome = { summary: 'simulated', ...(proves && { checks: [passed(name, 'simulated')] }) };
  return () => Promise.resolve(outcome);
}
