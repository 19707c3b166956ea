import type { Dependencies } from '../operations/open-platform.ts';
import { askThroughTemporal, hostActivities } from './hosts.ts';
import { fleetActivities } from './fleet.ts';
import { incidentActivities } from './incidents.ts';
import { temporalActivities } from './locks-and-schedules.ts';
import { notificationActivities } from './notifications.ts';
import { readinessActivities } from './readiness.ts';
import { runActivities } from './runs.ts';
import { sealActivities } from './seals.ts';
import { stepActivities } from './steps.ts';

export type { Dependencies } from '../operations/open-platform.ts';

export function createActivities(given: Dependencies) {
  const dependencies = { askElsewhere: askThroughTemporal(given.environment), ...given };
  return {
    ...temporalActivities,
    ...runActivities(dependencies),
    ...stepActivities(dependencies),
    ...notificationActivities(dependencies),
    ...readinessActivities(dependencies),
    ...sealActivities(dependencies),
    ...incidentActivities(dependencies),
    ...hostActivities(dependencies),
    ...fleetActivities(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;
