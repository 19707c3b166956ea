import type { Step } from '../steps.ts';
import type { RestoreSituation } from './situation.ts';

/** What must be so before anything is stopped, looked at once more; and what the way back needs to know. */
export function prepareSteps({ platform, manifest, volumes, observed }: RestoreSituation): Step[] {
  const steps: Step[] = [
    {
      id: 'pause-schedules',
      action: 'pauseSchedules',
      arguments: { note: `paused while ${platform.platform} is restored to ${manifest.id}` },
      after: [],
      undo: { action: 'resumeSchedules', arguments: {} },
      undoAlways: true,
    },
    {
      id: 'repeat-preflight',
      action: 'repeatPreflight',
      arguments: { recoveryPoint: manifest.id, volumes, platformIs: 'running' },
      after: ['pause-schedules'],
    },
  ];
  if (observed.containers.length > 0)
    steps.push({ id: 'record-deployment', action: 'recordDeployment', arguments: {}, after: ['repeat-preflight'] });
  return steps;
}
