import { failed, passed, type Check } from '../domain/checks.ts';
import { Failure } from '../domain/failures.ts';
import { servicesInStopOrder, storesOfKind } from '../domain/platform.ts';
import type { RestoreSituation } from '../domain/plan-restore.ts';
import type { OpenPlatform } from './open-platform.ts';
import { checkRepository } from './preflight-repository.ts';

/**
 * Everything that must be true before anything is stopped, looked at side by side and told all at once. A check that
 * cannot be carried out is not a pass.
 */
export async function preflight(open: OpenPlatform, situation: RestoreSituation): Promise<Check[]> {
  const checks = await Promise.all([
    guarded('secrets', () => checkSecrets(open)),
    guarded('images', () => checkImages(open, situation)),
    ...storesOfKind(open.platform, 'elasticsearch').map((store) =>
      guarded(`repository ${store.name}`, () => checkRepository(open, store, situation.manifest)),
    ),
  ]);
  return [
    passed(
      'recovery point',
      `${situation.manifest.id}: manifest, expected set and deployment capture were read back whole`,
    ),
    checkServices(situation),
    checkVolumes(situation),
    checkStrangers(situation),
    ...checks,
  ];
}

/** A failed look is a failed check with its remedy, so that one fault does not hide the others. */
async function guarded(name: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Failure && error.kind === 'MissingSecret' && name !== 'secrets')
      return failed(name, 'cannot be looked at without its secrets', 'see the check "secrets"');
    if (error instanceof Failure) return failed(name, error.message, error.remedy);
    throw error;
  }
}

function checkServices({ platform, observed, capture }: RestoreSituation): Check {
  const known = new Set([...observed.containers, ...capture.containers].map(({ service }) => service));
  const unknown = servicesInStopOrder(platform).filter((service) => !known.has(service));
  if (unknown.length > 0)
    return failed(
      'services',
      `neither on the engine nor in the capture: ${unknown.join(', ')}`,
      'mend the names in the platform file, or choose a recovery point whose capture holds them',
    );
  const gone = servicesInStopOrder(platform).filter(
    (service) => !observed.containers.some((container) => container.service === service),
  );
  const origin = gone.length === 0 ? 'all are on the engine' : `${gone.join(', ')} will be created from the capture`;
  return passed('services', origin);
}

/** Only what the plan names, and only volumes that a rename really moves, may be moved. */
function checkVolumes({ platform, observed, capture, volumes }: RestoreSituation): Check {
  const isData = ({ service }: { service: string }) => platform.deployment.data.includes(service);
  const named = new Set([...observed.containers, ...capture.containers].filter(isData).flatMap((one) => one.volumes));
  const ours = new Set(observed.containers.map(({ name }) => name));
  const present = observed.volumes.filter(({ name }) => named.has(name));
  const faults = present.flatMap(({ name, driver, hasOptions, usedBy }) => {
    const others = usedBy.filter((container) => !ours.has(container));
    if (others.length > 0) return [`${name} is also used by ${others.join(', ')}`];
    if (volumes === 'quarantine' && (driver !== 'local' || hasOptions))
      return [`${name} (driver ${driver}${hasOptions ? ' with options' : ''}) cannot be set aside by a rename`];
    return [];
  });
  const services = [...observed.containers, ...capture.containers].filter(isData);
  for (const service of platform.deployment.data) {
    const containers = services.filter((container) => container.service === service);
    if (containers.length > 0 && containers.every((container) => container.volumes.length === 0))
      faults.push(`${service} keeps its data in no named volume, so its old data cannot be set aside`);
  }
  if (faults.length > 0)
    return failed(
      'volumes',
      faults.join('; '),
      'stop the other users of the volume, or move the data to a plain local volume of the service',
    );
  return passed(
    'volumes',
    present.length === 0
      ? 'none is left'
      : `${present.map(({ name }) => name).join(', ')} can be ${volumes === 'quarantine' ? 'set aside' : 'removed'}`,
  );
}

function checkStrangers({ observed: { strangers } }: RestoreSituation): Check {
  if (strangers.length === 0) return passed('strangers', 'no other container is on the networks of the data services');
  const names = strangers.map(({ container, network }) => `${container} (on ${network})`).join(', ');
  return failed(
    'strangers',
    `running on the data services' networks and not named in the platform file: ${names}`,
    'each may be a client of the database: add its service to deployment.alsoStop, or stop it',
  );
}

async function checkSecrets(open: OpenPlatform): Promise<Check> {
  const stores = storesOfKind(open.platform, 'elasticsearch');
  const given = await Promise.all(stores.map((store) => open.storeSecrets(store)));
  await open.identity();
  const count = given.reduce((sum, secrets) => sum + Object.keys(secrets).length, 0);
  return passed('secrets', `the capture's key and ${count} secrets of the stores can be read`);
}

async function checkImages(open: OpenPlatform, { capture, observed }: RestoreSituation): Promise<Check> {
  const needed = capture.containers.filter(
    ({ name }) => !observed.containers.some((container) => container.name === name),
  );
  // What must be pulled is pulled now: after the old containers are gone would be too late to find out.
  const images = new Map(needed.map(({ image }) => [image.digest, image]));
  for (const image of images.values()) await open.docker.ensureImage(image);
  return passed(
    'images',
    needed.length === 0 ? 'no container must be created' : `all images of ${needed.length} containers are there`,
  );
}
