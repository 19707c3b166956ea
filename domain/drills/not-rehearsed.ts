import { passed, warned, type Check } from '../checks.ts';
import { outlineOf, type DeploymentCapture } from '../deployment.ts';
import { whatGoes } from '../plans/mount-fates.ts';
import { servicesOf, storesOfKind, type Platform } from '../platform.ts';
import { isFileShown, isShown, mayHoldImport } from './capture-in-scene.ts';
import { filesOf, gather } from './gather.ts';
import { isGathered } from './scene-host.ts';
import { dataInScene, type Scene } from './scene.ts';
import type { Lacking } from './service-as-container.ts';

/**
 * What a drill of a platform on Swarm, or on several hosts, does not rehearse, since all of its scene is plain containers on one engine: a
 * warning for what a container lacks that its service has. Undefined: a platform of plain containers on one host. `secrets`: names.
 */
export function checkGathered(
  capture: DeploymentCapture,
  { platform, scene, secrets }: { platform: Platform; scene: Scene; secrets: readonly string[] },
): Check | undefined {
  if (!isGathered(platform)) return undefined;
  const rest = [
    ...(platform.deployment.kind === 'swarm'
      ? ["Swarm's placement", 'overlay networks', 'replicas']
      : ['the way from host to host']),
    ...storesOfKind(platform, 'elasticsearch').flatMap(({ name, otherServices }) =>
      otherServices.length === 0 ? [] : [`the cluster of ${name}, which has one node of ${otherServices.length + 1}`],
    ),
  ];
  const gaps = lackingInScene(capture, { platform, scene, secrets });
  const where = `All of it is plain containers on ${scene.host ?? capture.host}; not rehearsed: ${rest.join(', ')}`;
  if (gaps.length === 0) return passed('drill scene', where);
  const words = gaps.map(({ service, destination, why }) => `${service} has no ${destination}: ${why}`);
  return warned(
    'drill scene',
    `${where}. ${words.join('; ')}`,
    'Name the values of secrets in deployment.secrets, and mount what services need as configs or small folders, which a capture holds',
  );
}

function lackingInScene(
  capture: DeploymentCapture,
  { platform, scene, secrets }: { platform: Platform; scene: Scene; secrets: readonly string[] },
): Lacking[] {
  const { storePaths = {} } = capture;
  const services = new Set([...dataInScene(platform), ...scene.core]);
  const storeOf = (service: string) => platform.stores.find((store) => servicesOf(store).includes(service));
  const known = Object.fromEntries(secrets.map((name) => [name, '']));
  const { lacking, isThere } = gather(capture, { platform, host: scene.host, secrets: known });
  const goes = whatGoes({ platform, observed: { containers: [] }, capture: outlineOf(capture), storePaths });
  const isSwarm = platform.deployment.kind === 'swarm';
  const away = capture.containers.flatMap((captured) => {
    const store = storeOf(captured.service);
    return captured.mounts
      .filter((mount) => !goes.has(mount.source) && !mayHoldImport(mount, store))
      .filter((mount) => isShown(mount, store, storePaths) && !isThere(captured, mount))
      .filter((mount) => mount.type !== 'bind' || filesOf(capture, captured, mount, isSwarm).length === 0)
      .map(({ source, destination }): Lacking => ({
        service: captured.service,
        destination,
        why: `${source} is not on ${scene.host ?? capture.host}, and the capture does not hold what is in it`,
      }));
  });
  const shown = lacking.filter(({ service, destination }) => isFileShown(destination, storeOf(service), storePaths));
  const all = [...shown, ...away].filter(({ service }) => services.has(service));
  // Several containers of one service lack the same.
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}
