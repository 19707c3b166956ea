import { findHelperImage, type CaptureOutline, type ObservedDeployment } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import { isFolder } from '../../domain/mounts.ts';
import { whatGoes, type MountSituation } from '../../domain/plans/mount-fates.ts';
import type { VolumeTreatment } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';

export interface DataSituation extends MountSituation {
  observed: ObservedDeployment;
  capture: CaptureOutline;
  volumes: VolumeTreatment;
}

/**
 * What was observed, with the bind-mounted folders that hold data and are there, and with the reason why a volume or folder
 * cannot be set aside. Both only the engine's host knows, so a helper container looks. Failure: VolumeRefused.
 */
export async function observeData(
  { docker }: Pick<OpenPlatform, 'docker'>,
  situation: DataSituation,
  { signal }: Watch = {},
): Promise<ObservedDeployment> {
  const { platform, observed, capture, volumes: treatment } = situation;
  const goes = whatGoes(situation);
  const moved = observed.volumes.filter(
    ({ name, driver, hasOptions }) => treatment === 'quarantine' && goes.has(name) && driver === 'local' && !hasOptions,
  );
  const folders = [...goes].filter(isFolder);
  const names = [...moved.map(({ name }) => name), ...folders];
  const image = findHelperImage(platform.deployment, observed, capture);
  if (names.length === 0 || image === undefined) return observed;
  const trials = await docker
    .tryQuarantine({ platform: platform.platform, image, volumes: names, signal })
    .catch((error: unknown): Awaited<ReturnType<typeof docker.tryQuarantine>> => {
      // The check "images" says so.
      if (error instanceof Failure && error.kind === 'ImageMissing') return {};
      throw error;
    });
  const why = (name: string) => {
    const immovable = trials[name]?.immovable;
    return treatment === 'quarantine' && immovable !== undefined ? { immovable } : {};
  };
  return {
    ...observed,
    volumes: [
      ...observed.volumes.map((volume) => ({ ...volume, ...why(volume.name) })),
      ...folders
        .filter((name) => trials[name]?.isThere === true)
        .map((name) => ({
          name,
          createdAt: '',
          driver: 'bind',
          hasOptions: false,
          usedBy: trials[name]?.usedBy ?? [],
          finished: trials[name]?.finished ?? [],
          ...why(name),
        })),
    ],
  };
}
