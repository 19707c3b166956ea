import { listPlatforms } from '../../config/platform-file.ts';
import { passed } from '../../domain/checks.ts';
import { findHelperImage } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import { isSpread } from '../../domain/hosts.ts';
import { listed } from '../../domain/listed.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { QuarantineInput } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { observeHere, otherHosts } from '../hosts/observe-here.ts';
import { placeOnNodes } from '../hosts/place-on-nodes.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../open-platform.ts';
import { ownersOfQuarantine as ownersHere } from '../prune/run-objects.ts';
import type { Assessment } from '../restore/assess-restore.ts';
import { prepareRollback } from './quarantine.ts';
import { ownerOf, quarantineOf } from './recorded-deployment.ts';

export interface RollbackPreview {
  run: string;
  plan: Plan;
}

/**
 * What `rollback --dry-run` shows: the plan of a rollback that began now. What is in quarantine is read on the host itself,
 * so it needs no Temporal and works on the platform's host alone; of a platform on several see `assessRollback`. `reference`: a restore's id, its quarantine's, or the
 * platform's name. Failures: RunNotFound when nothing is there; InvalidArgument when several are meant; those of the
 * engine, and of the record of what ran before.
 */
export async function previewRollback(
  dependencies: Dependencies,
  reference: string,
  watch: Watch = {},
): Promise<RollbackPreview> {
  const restore = restoreMeant(reference);
  const known = await listPlatforms(dependencies.environment.platformsFolder);
  const platform = platformAmong(known, restore);
  const unread: string[] = [];
  for (const name of platform === undefined ? known : [platform]) {
    try {
      const open = await openPlatform(dependencies, name);
      const owners = (await ownersOfQuarantine(open, watch)).filter((owner) => isMeant(owner, restore));
      // The host does not say which platform's it is; the catalogue does.
      const recorded = platform === undefined ? await open.catalogue.runsWithObjects() : undefined;
      const [owner, ...others] = owners;
      if (owner === undefined || recorded?.includes(quarantineOf(owner)) === false) continue;
      if (others.length > 0) throw several(restore, owners);
      return { run: owner.run, plan: await prepareRollback(open, { ...owner, platform: name }, watch) };
    } catch (error) {
      if (name === platform || !(error instanceof Failure)) throw error;
      unread.push(`${name}: ${error.message}`);
    }
  }
  const nothing = `Nothing that ${restore} set aside is in quarantine on this host`;
  throw new Failure('RunNotFound', {
    message: [nothing, ...unread.map((why) => `not searched: ${why}`)].join('; '),
    remedy: 'List what is kept, and where: "rekindle quarantines"; a dry run works on the platform\'s host',
  });
}

/** The platform that the reference names, opened, when it lies on several hosts; undefined: `previewRollback` shows its plan. */
export async function onSeveralHosts(dependencies: Dependencies, reference: string): Promise<OpenPlatform | undefined> {
  const known = await listPlatforms(dependencies.environment.platformsFolder);
  const name = platformAmong(known, restoreMeant(reference));
  if (name === undefined) return undefined;
  const open = await placeOnNodes(await openPlatform(dependencies, name));
  return isSpread(open.platform) ? open : undefined;
}

const restoreMeant = (reference: string) => reference.replace(/^quarantine\//, '');

const platformAmong = (known: readonly string[], restore: string) =>
  known.find((name) => name === restore) ?? known.find((name) => restore.split('/').includes(name));

/**
 * The same of a platform on several hosts, whose workers are asked: as a worker's answer. Failures: RunNotFound,
 * InvalidArgument; those of asking.
 */
export async function assessRollback(open: OpenPlatform, reference: string, watch: Watch): Promise<Assessment> {
  const { platform } = open.platform;
  const restore = restoreMeant(reference);
  const { signal } = watch;
  const parts = await Promise.all([
    ownersHere(open, signal),
    ...otherHosts(open).map((host) => open.ask(host, 'quarantineOwners', {}, watch)),
  ]);
  const names = new Set(parts.flatMap((part) => [...(part ?? [])]));
  const owners = [...names].flatMap((name) => ownerOf(name) ?? []).filter((owner) => isMeant(owner, restore));
  const [owner, ...others] = owners;
  if (owner === undefined)
    throw new Failure('RunNotFound', {
      message: `Nothing that ${restore} set aside is in quarantine on the hosts of ${platform}`,
      remedy: 'List what is kept, and where: "rekindle quarantines"',
    });
  if (others.length > 0) throw several(restore, owners);
  const plan = await prepareRollback(open, { ...owner, platform }, watch);
  return { plan, checks: [passed('quarantine', `Set aside by ${owner.run}`)], rollbackOf: owner.run };
}

type Owner = Pick<QuarantineInput, 'run' | 'execution'>;

/** Whose data is in quarantine on the host, of whatever platform. Failure: ServiceNotFound. */
async function ownersOfQuarantine(open: OpenPlatform, { signal }: Watch): Promise<Owner[]> {
  const { platform, deployment } = open.platform;
  const image = findHelperImage(deployment, await observeHere(open, signal));
  if (image === undefined)
    throw new Failure('ServiceNotFound', {
      message: `No data service of ${platform} is on ${open.host}, and the quarantine is read with its image`,
      remedy: 'Leave out --dry-run: the run itself knows the image that the data was moved with',
    });
  const entries = await open.docker.listQuarantine({ platform, image, signal });
  return entries.flatMap(({ run, volumes }) => (volumes.length > 0 ? (ownerOf(run) ?? []) : []));
}

/** `restore`: a run's id, with its execution where an id was used twice, or the platform that such an id names. */
function isMeant(owner: Owner, restore: string): boolean {
  const { run } = owner;
  return run === restore || quarantineOf(owner) === restore || run.split('/').includes(restore);
}

function several(restore: string, owners: readonly Owner[]): Failure {
  const names = owners.map(quarantineOf);
  return new Failure('InvalidArgument', {
    message: `Several runs of ${restore} keep data in quarantine: ${listed(names)}`,
    remedy: 'Name one of them',
  });
}
