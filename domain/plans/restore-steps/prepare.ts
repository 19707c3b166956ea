import type { Step } from '../steps.ts';
import { readBackSteps } from '../streamed-steps.ts';
import { helperImage, onEachHost, presentDataVolumes, type RestoreSituation } from './situation.ts';

/** Checks once more what must hold before anything is stopped, and records what the way back needs. */
export function prepareSteps(situation: RestoreSituation): Step[] {
  const { platform, manifest, volumes, versions = {} } = situation;
  const asides = onEachHost(situation, (there, at) =>
    volumes === 'quarantine' && presentDataVolumes(there).length > 0 ? [{ ...at, image: helperImage(there) }] : [],
  );
  const images = asides.flatMap(({ host, image }) => (host === undefined ? [] : [[host, image] as const]));
  const image = asides.find(({ host }) => host === undefined)?.image;
  const record = {
    ...(image !== undefined && { image }),
    ...(images.length > 0 && { images: Object.fromEntries(images) }),
  };
  const readBack = readBackSteps(platform, manifest, ['repeat-preflight']);
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
    ...readBack,
    {
      id: 'record-deployment',
      action: 'recordDeployment',
      arguments: record,
      after: readBack.length === 0 ? ['repeat-preflight'] : readBack.map(({ id }) => id),
      undo: { action: 'forgetDeployment', arguments: record },
    },
  ];
}
