import { passed, warned, type Check } from '../../domain/checks.ts';
import { unnamedChanges, type EngineInventory } from '../../domain/engine-inventory.ts';
import { listed } from '../../domain/listed.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { decodeJson, encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { otherHosts } from './observe-here.ts';

/** The object of a run that holds what was on every engine before its first stop: names, ids and times. */
const inventoriesObject = 'inventories.json';

/** Keeps what is on every engine now, for `compareEngines`. A repeated step keeps what the first attempt saw. */
export async function recordInventories(open: OpenPlatform, owner: string): Promise<void> {
  if ((await open.catalogue.findRunObject(owner, inventoriesObject)) !== undefined) return;
  await open.catalogue.putRunObject(owner, inventoriesObject, encodeJson(await readInventories(open)));
}

/**
 * Whether anything on any engine differs from what was there before the run, beyond what the plan names. What others did
 * meanwhile shows as well, so it is a warning: the names in the plan's steps are exact.
 */
export async function compareEngines(
  open: OpenPlatform,
  owner: string,
  { arguments: { named } }: StepCall<'compareEngines'>,
  watch: Watch,
): Promise<StepOutcome> {
  const recorded = await open.catalogue.findRunObject(owner, inventoriesObject);
  if (recorded === undefined) return { summary: 'Nothing was recorded before the run to compare the engines with' };
  const before = decodeJson(recorded) as EngineInventory[];
  const after = await readInventories(open, watch);
  const checks = after.map((now) => {
    const then = before.find(({ host }) => host === now.host);
    return then ? checkEngine(then, now, named[now.host]) : notRecorded(now.host);
  });
  return { summary: checks.map(({ evidence }) => evidence).join('; '), checks };
}

function checkEngine(
  before: EngineInventory,
  after: EngineInventory,
  named = { containers: [], volumes: [], networks: [] } as Parameters<typeof unnamedChanges>[2],
): Check {
  const { host } = after;
  const name = `engine ${host}`;
  const changes = unnamedChanges(before, after, named);
  if (changes.length === 0) {
    const others = after.containers.filter((container) => !named.containers.includes(container.name)).length;
    return passed(
      name,
      `${host}: nothing but what the plan names has changed, ${others} other containers are as they were`,
    );
  }
  return warned(
    name,
    `${host}: changed during the run, and not named by its plan: ${listed(changes)}`,
    `Find out who did it (docker events on ${host}): no step of the plan names it`,
  );
}

const notRecorded = (host: string) =>
  warned(
    `engine ${host}`,
    `${host}: not recorded before the run`,
    'Nothing to do: the host joined the platform during the run',
  );

async function readInventories(open: OpenPlatform, watch: Watch = {}): Promise<EngineInventory[]> {
  return Promise.all([
    open.docker.inventory(open.host),
    ...otherHosts(open).map((host) => open.ask(host, 'inventory', {}, watch)),
  ]);
}
