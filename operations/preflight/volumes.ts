import { nearest } from '../../config/nearest.ts';
import { failed, passed, type Check } from '../../domain/checks.ts';
import type { ObservedVolume } from '../../domain/deployment.ts';
import { situationOn } from '../../domain/deployment-hosts.ts';
import { hostsOf, isSpread } from '../../domain/hosts.ts';
import { isFolder } from '../../domain/mounts.ts';
import { mountFates, whatGoes } from '../../domain/plans/mount-fates.ts';
import { misplacedData, type MountFault } from '../../domain/plans/mount-faults.ts';
import type { VolumeTreatment } from '../../domain/platform.ts';
import type { DataSituation } from './observe-data.ts';

/** Only what holds data may go, all of it, and only where a rename really moves it. */
export function checkVolumes(situation: DataSituation): Check {
  const { platform, volumes: treatment } = situation;
  const hosts = hostsOf(platform, situation.observed.host);
  const parts = isSpread(platform) ? hosts.map((host) => situationOn(situation, host)) : [situation];
  const looked = parts.map((part) => checkPart(part));
  const faults = [...unknownNames(situation), ...looked.flatMap((part) => part.faults)];
  const present = looked.flatMap((part) => part.present);
  if (faults.length > 0)
    return failed(
      'volumes',
      faults.map(({ evidence }) => evidence).join('; '),
      [...new Set(faults.map(({ remedy }) => remedy))].join('; '),
    );
  const names = present.map(({ name, host }) => (host === undefined ? name : `${name} on ${host}`)).join(', ');
  const kept = looked.flatMap((part) => part.kept);
  return passed(
    'volumes',
    `${present.length === 0 ? 'No old data is left' : `${names} can be ${treatment === 'quarantine' ? 'set aside' : 'removed'}`}${
      kept.length === 0 ? '' : `; ${kept.length} others stay, as the plan lists`
    }`,
  );
}

/** Of one host. */
function checkPart(situation: DataSituation) {
  const { observed, volumes: treatment } = situation;
  const goes = whatGoes(situation);
  const present = observed.volumes.filter(({ name }) => goes.has(name));
  const ours = new Set(observed.containers.map(({ name }) => name));
  const stays = mountFates(situation).filter((fate) => !fate.goes && fate.type !== 'tmpfs');
  return {
    present,
    kept: [...new Set(stays.map(({ source }) => source))],
    faults: [
      ...misplacedData(situation),
      ...present.flatMap((volume) => faultsOf(volume, ours, treatment)),
      ...nested([...goes]),
    ],
  };
}

function faultsOf(
  { name, driver, hasOptions, usedBy, finished, immovable }: ObservedVolume,
  ours: ReadonlySet<string>,
  treatment: VolumeTreatment,
): MountFault[] {
  // A rename disturbs nobody who has done its work; a volume is only removed when no container has it.
  const disturbed = treatment === 'remove' ? usedBy : usedBy.filter((container) => !finished.includes(container));
  const others = disturbed.filter((container) => !ours.has(container));
  if (others.length > 0)
    return [
      {
        evidence: `${name} is also used by ${others.join(', ')}`,
        remedy: `Stop and remove the other users of ${name} (${others.join(', ')}), or name their services in the platform file`,
      },
    ];
  if (treatment === 'remove') return [];
  if (!isFolder(name) && (driver !== 'local' || hasOptions))
    return [
      {
        evidence: `${name} (driver ${driver}${hasOptions ? ' with options' : ''}) cannot be set aside by a rename`,
        remedy: `Move the data of ${name} to a plain local volume of the service`,
      },
    ];
  if (immovable === undefined) return [];
  return [
    {
      evidence: `${name} cannot be set aside: ${immovable}`,
      remedy: isFolder(name)
        ? `Mount a folder inside ${name} instead of itself, so that it can be renamed where it lies, or use --volumes remove, which leaves no way back`
        : `Keep the engine's volumes on the file system of its root (docker info shows "Docker Root Dir"), or use --volumes remove, which leaves no way back`,
    },
  ];
}

function nested(goes: readonly string[]): MountFault[] {
  return goes.flatMap((inner) => {
    const outer = goes.find((one) => isFolder(one) && inner !== one && inner.startsWith(`${one}/`));
    return outer === undefined
      ? []
      : [
          {
            evidence: `The data folder ${inner} lies in the data folder ${outer}`,
            remedy: `Mount only one of ${outer} and ${inner}`,
          },
        ];
  });
}

/** What deployment.volumes names must be mounted by a service of the platform file. */
function unknownNames(situation: DataSituation): MountFault[] {
  const known = mountFates(situation).flatMap(({ source }) => (source === '' ? [] : [source]));
  return Object.keys(situation.platform.deployment.volumes)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearest(name, known);
      return {
        evidence: `deployment.volumes names "${name}", which no service of the platform mounts${near === undefined ? '' : `; did you mean "${near}"?`}`,
        remedy: `Correct deployment.volumes; mounted are: ${[...new Set(known)].join(', ') || 'none'}`,
      };
    });
}
