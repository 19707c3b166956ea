import { findHelperImage, type CaptureOutline, type ObservedDeployment } from '../../domain/deployment.ts';
import { mergeObserved, situationOn } from '../../domain/deployment-hosts.ts';
import { Failure } from '../../domain/failures.ts';
import { isFolder } from '../../domain/mounts.ts';
import { whatGoes, type MountSituation } from '../../domain/plans/mount-fates.ts';
import type { HostName, VolumeTreatment } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import type { TrialTask } from '../../systems/docker/quarantine/trial.ts';
import { otherHosts } from '../hosts/observe-here.ts';
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
  { docker }: { docker: Pick<OpenPlatform['docker'], 'tryQuarantine'> },
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

/** The same on every host, each asked for its own data. */
export async function observeDataOnHosts(
  open: OpenPlatform,
  situation: DataSituation,
  watch: Watch = {},
): Promise<ObservedDeployment> {
  const others = otherHosts(open);
  if (others.length === 0) return observeData(open, situation, watch);
  const engineOf = (host: HostName) =>
    host === open.host
      ? open.docker
      : {
          tryQuarantine: ({ image, volumes }: TrialTask) => open.ask(host, 'tryQuarantine', { image, volumes }, watch),
        };
  const [own, ...rest] = await Promise.all(
    [open.host, ...others].map((host) => observeData({ docker: engineOf(host) }, situationOn(situation, host), watch)),
  );
  return own === undefined ? situation.observed : mergeObserved(own, rest);
}
