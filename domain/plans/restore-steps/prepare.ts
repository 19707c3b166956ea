import type { Step } from '../steps.ts';
import { helperImage, presentDataVolumes, type RestoreSituation } from './situation.ts';

/** Checks once more what must hold before anything is stopped, and records what the way back needs. */
export function prepareSteps(situation: RestoreSituation): Step[] {
  const { platform, manifest, volumes, versions = {} } = situation;
  const setsAside = volumes === 'quarantine' && presentDataVolumes(situation).length > 0;
  const record = setsAside ? { image: helperImage(situation) } : {};
  return [
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
    {
      id: 'record-deployment',
      action: 'recordDeployment',
      arguments: record,
      after: ['repeat-preflight'],
      undo: { action: 'forgetDeployment', arguments: record },
    },
  ];
}
