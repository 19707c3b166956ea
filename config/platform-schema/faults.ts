import { personOf } from '../../domain/access.ts';
import type { Platform, Store } from '../../domain/platform.ts';
import { type SmokeCheck, smokeCheckTitle } from '../../domain/smoke-checks.ts';
import { derivedStores } from '../../domain/store-kinds.ts';
import { authenticationFaults } from './authentication-faults.ts';
import type { Fault } from './common.ts';
import { drillFaults } from './drill.ts';
import { bareFaults, placementFaults } from './placement.ts';

/** What contradicts itself between the parts of a platform file, each of which is valid alone. */
export function platformFaults(file: Platform): Fault[] {
  return [
    ...(file.deployment.kind === 'none' ? bareFaults(file) : []),
    ...authenticationFaults(file),
    ...serviceNameFaults(file),
    ...placementFaults(file),
    ...userFaults(file),
    ...drillFaults(file),
    ...file.stores.flatMap((store, index) => storeFaults(file, store, index)),
    ...optionalFaults(file),
    ...approvalFaults(file),
    ...file.smoke.flatMap((check, index) => smokeFaults(file, check, index)),
    ...hookFaults(file),
  ];
}

function serviceNameFaults({ deployment }: Platform): Fault[] {
  const own =
    deployment.kind === 'compose' ? deployment.project : deployment.kind === 'swarm' ? deployment.stack : undefined;
  const called = deployment.kind === 'compose' ? 'project' : 'stack';
  const messageOf = (service: string): string | undefined => {
    if (own !== undefined && service.startsWith(`${own}/`))
      return `name a service of the platform's own ${called} without it: "${service.slice(own.length + 1)}"`;
    if (deployment.kind === 'swarm' && own === undefined && service.includes('/'))
      return `without deployment.stack each service has its exact name: "${service.replace('/', '_')}"`;
    return undefined;
  };
  return (['data', 'core', 'alsoStop'] as const).flatMap((part) =>
    deployment[part].flatMap((service, position): Fault[] => {
      const message = messageOf(service);
      return message === undefined ? [] : [[['deployment', part, position], message]];
    }),
  );
}

function userFaults({ deployment }: Platform): Fault[] {
  const users = [...deployment.core, ...deployment.alsoStop];
  return Object.keys(deployment.uses ?? {})
    .filter((service) => !users.includes(service))
    .map((service) => [
      ['deployment', 'uses', service],
      `"${service}" is not among deployment.core and deployment.alsoStop`,
    ]);
}

function storeFaults({ stores, deployment }: Platform, store: Store, index: number): Fault[] {
  const faults: Fault[] = [];
  const report = (path: string[], message: string) => faults.push([['stores', index, ...path], message]);
  // With a fault elsewhere in the store, its services are still as the file has them.
  const named = [store.service, 'otherServices' in store ? store.otherServices : []].flat();
  for (const service of new Set(named)) {
    if (deployment.kind !== 'none' && !deployment.data.includes(service))
      report(['service'], `"${service}" is not among deployment.data`);
    if (named.indexOf(service) !== named.lastIndexOf(service)) report(['service'], `"${service}" stands in it twice`);
  }
  if (stores.findIndex((other) => other.name === store.name) !== index)
    report(['name'], `"${store.name}" is the name of another store already`);
  if (store.kind === 'zookeeper-queue') {
    const source = stores.find((other) => other.name === store.from.store);
    if (source?.kind !== 'elasticsearch')
      report(['from', 'store'], `"${store.from.store}" is not an elasticsearch store of this file`);
    if (store.digest === undefined && store.acl.some((line) => line.startsWith('auth:')))
      report(['acl'], 'names "auth", which is the user of "digest", and there is no digest');
  }
  return faults;
}

/** A recovery point that may go without each of its stores could hold nothing. */
function optionalFaults(file: Pick<Platform, 'stores'>): Fault[] {
  const primary = file.stores.length - derivedStores(file).length;
  const optional = file.stores.filter((store) => 'optional' in store && store.optional === true).length;
  return primary > 0 && optional === primary
    ? [
        [
          ['stores'],
          'every store that is backed up is optional, so that a recovery point could hold none; one must not be',
        ],
      ]
    : [];
}

function approvalFaults({ restore: { approval, approvers, approvalsNeeded } }: Platform): Fault[] {
  const path = ['restore', 'approvalsNeeded'];
  const people = new Set(approvers.map(personOf)).size;
  const faults: Fault[] = [];
  if (people > 0 && people < approvalsNeeded)
    faults.push([path, `${approvalsNeeded} approvals are needed, but only ${people} may approve`]);
  if (approval === 'none' && approvalsNeeded > 1)
    faults.push([path, `${approvalsNeeded} approvals are needed, but approval is "none"`]);
  return faults;
}

function smokeFaults({ deployment, stores, smoke }: Platform, check: SmokeCheck, index: number): Fault[] {
  const faults: Fault[] = [];
  const deployed = [...deployment.data, ...deployment.core, ...deployment.alsoStop];
  if ('service' in check && !deployed.includes(check.service))
    faults.push([['smoke', index, 'service'], `"${check.service}" is not a service of deployment`]);
  if ('store' in check && !stores.some(({ kind, name }) => kind === 'elasticsearch' && name === check.store))
    faults.push([['smoke', index, 'store'], `"${check.store}" is not an elasticsearch store of this file`]);
  const title = smokeCheckTitle(check);
  if (smoke.findIndex((other) => smokeCheckTitle(other) === title) !== index)
    faults.push([['smoke', index], 'checks what an earlier one checks already']);
  return faults;
}

function hookFaults({ deployment, backup: { hooks = [] } }: Platform): Fault[] {
  const deployed = [...deployment.data, ...deployment.core, ...deployment.alsoStop];
  return hooks.flatMap(({ name, service }, index): Fault[] => [
    ...(deployed.includes(service)
      ? []
      : [[['backup', 'hooks', index, 'service'], `"${service}" is not a service of deployment`] satisfies Fault]),
    ...(hooks.findIndex((other) => other.name === name) === index
      ? []
      : [[['backup', 'hooks', index, 'name'], `"${name}" is the name of another hook already`] satisfies Fault]),
  ]);
}
