import type { Action, StepOutcome } from '../domain/plans/steps.ts';
import type { StepCall } from '../domain/runs/run.ts';
import { announceActivities } from './announce.ts';
import { backupActivities } from './backup.ts';
import { catalogueActivities } from './catalogue.ts';
import { containerStoreActivities } from './container-store.ts';
import { dockerActivities } from './docker.ts';
import { elasticsearchActivities } from './elasticsearch.ts';
import { freshnessActivities } from './freshness.ts';
import type { Dependencies } from '../operations/open-platform.ts';
import { planningActivities } from './planning.ts';
import { pruneActivities } from './prune.ts';
import { prepareStoreActivities } from './prepare-store.ts';
import { quarantineActivities } from './quarantine.ts';
import { queueActivities } from './queue.ts';
import { smokeActivities } from './smoke.ts';
import { storeActivities } from './await-store.ts';
import { temporalActivities } from './locks-and-schedules.ts';
import { unfinishedActivities } from './unfinished.ts';
import { verifyBackupActivities } from './verify-backup.ts';

export type { Dependencies } from '../operations/open-platform.ts';

/** One activity per action; `takeBackup` is a child workflow instead. The compiler names the one that is missing. */
type StepActivities = { [A in Exclude<Action, 'takeBackup'>]: (call: StepCall<A>) => Promise<StepOutcome> };

export function createActivities(dependencies: Dependencies) {
  const activities = {
    ...temporalActivities,
    ...planningActivities(dependencies),
    ...catalogueActivities(dependencies),
    ...dockerActivities(dependencies),
    ...quarantineActivities(dependencies),
    ...elasticsearchActivities(dependencies),
    ...queueActivities(dependencies),
    ...storeActivities(dependencies),
    ...containerStoreActivities(dependencies),
    ...backupActivities(dependencies),
    ...pruneActivities(dependencies),
    ...unfinishedActivities(dependencies),
    ...prepareStoreActivities(dependencies),
    ...verifyBackupActivities(dependencies),
    ...smokeActivities(dependencies),
    ...announceActivities(dependencies),
    ...freshnessActivities(dependencies),
  };
  return activities satisfies StepActivities;
}

export type Activities = ReturnType<typeof createActivities>;
