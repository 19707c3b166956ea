import type { Step } from '../steps.ts';
import type { RestoreSituation } from './situation.ts';

/** What must be so before anything is stopped, looked at once more. */
export function prepareSteps({ platform, manifest, volumes }: RestoreSituation): Step[] {
  return [
    {
      id: 'pause-schedules',
      action: 'pauseSchedules',
      arguments: { note: `paused while ${platform.platform} is restored to ${manifest.id}` },
      after: [],
      undo: { action: 'resumeSchedules', arguments: {} },
    },
    {
      id: 'repeat-preflight',
      action: 'repeatPreflight',
      arguments: { recoveryPoint: manifest.id, volumes },
      after: ['pause-schedules'],
    },
  ];
}
