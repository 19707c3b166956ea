import type { CatalogueLocation, Platform, Store } from '../../domain/platform.ts';
import type { Fault } from './common.ts';

/** What contradicts itself in how servers are reached and who Rekindle is to them. */
export function authenticationFaults({ stores, catalogue }: Pick<Platform, 'stores' | 'catalogue'>): Fault[] {
  return [
    ...stores.flatMap((store, index) =>
      faultsOf(store).map(([path, message]): Fault => [['stores', index, ...path], message]),
    ),
    ...catalogueFaults(catalogue),
  ];
}

function faultsOf(store: Store): Fault[] {
  if (store.kind !== 'elasticsearch') return [];
  const { scheme, address, nodes, tls } = store;
  const encrypted = nodes === undefined ? scheme === 'https' : nodes.every((url) => url.startsWith('https:'));
  const faults: Fault[] = [];
  if (nodes !== undefined && address !== undefined)
    faults.push([['nodes'], 'name either "nodes" or "address", not both']);
  if (tls !== undefined && !encrypted)
    faults.push([['tls'], 'the connection is not encrypted: set "scheme: https", or give "nodes" as https URLs']);
  return faults;
}

function catalogueFaults(catalogue: CatalogueLocation): Fault[] {
  if (catalogue.kind !== 's3') return [];
  const { accessKey, secretKey, sessionToken, credentials, endpoint, tls } = catalogue;
  const faults: Fault[] = [];
  const report = (key: string, message: string) => faults.push([['catalogue', key], message]);
  if ((accessKey === undefined) !== (secretKey === undefined))
    report(accessKey === undefined ? 'accessKey' : 'secretKey', 'missing; "accessKey" and "secretKey" belong together');
  if (sessionToken !== undefined && accessKey === undefined)
    report('sessionToken', 'belongs to "accessKey" and "secretKey", which are missing');
  if (credentials !== undefined && accessKey !== undefined)
    report('credentials', 'name either "credentials" or "accessKey" and "secretKey", not both');
  if (tls !== undefined && endpoint?.startsWith('http:') === true)
    report('tls', 'the connection is not encrypted: give "endpoint" as an https URL');
  return faults;
}
