import { failed, passed, warned, type Check } from '../../domain/checks.ts';
import type { OtherContainer } from '../../domain/deployment.ts';
import { servicesInStopOrder, type ServiceName } from '../../domain/platform.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { createdFromCapture, membersOf } from '../../domain/plans/restore-steps/members.ts';
import { situationOf } from '../../domain/plans/restore-steps/situation.ts';

/** Each service is on the engine or can be created; how many containers it will have, and which of them do not start. */
export function checkServices(situation: RestoreSituation): Check {
  const { platform, observed, capture } = situation;
  const known = new Set([...observed.containers, ...capture.containers].map(({ service }) => service));
  const unknown = servicesInStopOrder(platform).filter((service) => !known.has(service));
  if (unknown.length > 0)
    return failed(
      'services',
      `Neither on the engine nor in the capture: ${unknown.join(', ')}`,
      'Correct the names in the platform file, or choose a recovery point whose capture holds these services',
    );
  const taken = createdFromCapture(situation).filter(({ name, service }) =>
    situationOf(situation, service).observed.otherNames.includes(name),
  );
  if (taken.length > 0)
    return failed(
      'services',
      `Containers that are not the platform's have names that a captured container needs: ${taken.map(({ name, service }) => `${name} (of ${service})`).join(', ')}`,
      `Rename each, or remove it: ${taken.map(({ name }) => `docker rename ${name} ${name}-old`).join('; ')}`,
    );
  const gone = servicesInStopOrder(platform).filter(
    (service) => !observed.containers.some((container) => container.service === service),
  );
  const origin = gone.length === 0 ? 'All are on the engine' : `${gone.join(', ')} will be created from the capture`;
  const notes = servicesInStopOrder(platform).flatMap((service) => [
    ...leftOutNote(situation, service),
    ...scaleNote(situation, service),
  ]);
  if (notes.length === 0) return passed('services', origin);
  return warned(
    'services',
    [origin, ...notes].join('; '),
    'If that is not what you want, correct it before the restore: docker compose up --no-start --scale SERVICE=NUMBER, docker rm CONTAINER',
  );
}

function leftOutNote(situation: RestoreSituation, service: ServiceName): string[] {
  const { leftOut, present } = membersOf(situation, service);
  if (leftOut.length === 0) return [];
  const names = (containers: { name: string }[]) => containers.map(({ name }) => name).join(', ');
  return [`${names(leftOut)} stays stopped: it holds the same volumes as ${names(present)}`];
}

/** A service keeps its scale of now, also when containers of it were lost: the two look the same. */
function scaleNote(situation: RestoreSituation, service: ServiceName): string[] {
  const { present, missing } = membersOf(situation, service);
  const captured = situation.capture.containers.filter((container) => container.service === service).length;
  if (missing.length > 0 || captured === 0 || present.length === captured) return [];
  return [`${service} is started with ${present.length} containers, as it is now; at the backup it had ${captured}`];
}

/** `storage`: the hosts that serve the backups. Such a server is no client, and nothing could be restored without it. */
export function checkOtherContainers(
  { platform, observed: { otherContainers } }: Pick<RestoreSituation, 'platform' | 'observed'>,
  storage: ReadonlySet<string>,
): Check {
  const stopped = servicesInStopOrder(platform).filter((service) => storage.has(service));
  if (stopped.length > 0)
    return failed(
      'other containers',
      `${stopped.join(', ')} serves the backups, and the restore would stop it`,
      'Remove it from data, core and alsoStop in the platform file: the backups are read from it while the restore runs',
    );
  const serves = ({ answersTo }: OtherContainer) => answersTo.some((name) => storage.has(name));
  const clients = otherContainers.filter((container) => !serves(container));
  const servers = [...new Set(otherContainers.filter(serves).map(({ container }) => container))];
  const also = servers.length === 0 ? '' : `; ${servers.join(', ')} serves the backups and is not stopped`;
  if (clients.length === 0) return passed('other containers', `No other container reaches the data services${also}`);
  return failed(
    'other containers',
    `Running on the data services' networks and not named in the platform file: ${clients.map(describeClient).join(', ')}${also}`,
    'Each may be a client of the database: add its service to deployment.alsoStop, or stop it',
  );
}

function describeClient({ container, network, host }: OtherContainer): string {
  const sharedWith = /^container:(.+)$/.exec(network)?.[1];
  const where = sharedWith === undefined ? `on ${network}` : `in the network of ${sharedWith}`;
  return `${container} (${where}${host === undefined ? '' : `, on the host ${host}`})`;
}
