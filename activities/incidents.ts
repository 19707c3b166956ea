import type { IncidentReport } from '../domain/incidents/report-back.ts';
import { tellIncident } from '../operations/incidents/tell-incident.ts';
import type { Dependencies } from '../operations/open-platform.ts';
import { activity } from './activity.ts';
import { incidentRunActivities } from './incident-runs.ts';

export function incidentActivities({ environment }: Dependencies) {
  return {
    ...incidentRunActivities,
    tellIncident: activity((report: IncidentReport, { signal }) => tellIncident(environment, report, signal)),
  };
}
