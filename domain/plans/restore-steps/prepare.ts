import type { Step } from '../steps.ts';
import type { RestoreSituation } from './situation.ts';

/** Checks once more what must hold before anything is stopped, and records what the way back needs. */
export function prepareSteps({ platform, manifest, volumes, observed, versions = {} }: RestoreSituation): Step[] {
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
      arguments: { recoveryPoint: manifest.id, volumes, platformIs: 'running', versions },
      after: ['pause-schedules'],
    },
  ];
  if (observed.containers.length > 0)
    steps.push({ id: 'record-deployment', action: 'recordDeployment', arguments: {}, after: ['repeat-preflight'] });
  return steps;
}
