import type { AwsCredentials, TlsSettings } from '../../domain/authentication.ts';

interface StorePart {
  kind: string;
  scheme?: 'http' | 'https';
  address?: string;
  nodes?: string[];
  tls?: TlsSettings;
}

interface FilePart {
  stores: StorePart[];
  catalogue:
    | { kind: 'directory' }
    | {
        kind: 's3';
        endpoint?: string;
        accessKey?: unknown;
        secretKey?: unknown;
        sessionToken?: unknown;
        credentials?: AwsCredentials;
        tls?: unknown;
      };
}

interface Fault {
  path: (string | number)[];
  message: string;
}

/** What contradicts itself in how servers are reached and who Rekindle is to them. */
export function authenticationFaults({ stores, catalogue }: FilePart): Fault[] {
  return [
    ...stores.flatMap((store, index) =>
      store.kind === 'elasticsearch'
        ? faultsOf(store).map(({ path, message }) => ({ path: ['stores', index, ...path], message }))
        : [],
    ),
    ...catalogueFaults(catalogue),
  ];
}

function faultsOf({ scheme, address, nodes, tls }: StorePart): Fault[] {
  const encrypted = nodes === undefined ? scheme === 'https' : nodes.every((url) => url.startsWith('https:'));
  const faults: (Fault | false)[] = [
    nodes !== undefined &&
      address !== undefined && { path: ['nodes'], message: 'name either "nodes" or "address", not both' },
    tls !== undefined &&
      !encrypted && {
        path: ['tls'],
        message: 'the connection is not encrypted: set "scheme: https", or give "nodes" as https URLs',
      },
  ];
  return faults.filter((fault) => fault !== false);
}

function catalogueFaults(catalogue: FilePart['catalogue']): Fault[] {
  if (catalogue.kind !== 's3') return [];
  const { accessKey, secretKey, sessionToken, credentials, endpoint, tls } = catalogue;
  const faults: (Fault | false)[] = [
    (accessKey === undefined) !== (secretKey === undefined) && {
      path: ['catalogue', accessKey === undefined ? 'accessKey' : 'secretKey'],
      message: 'missing; "accessKey" and "secretKey" belong together',
    },
    sessionToken !== undefined &&
      accessKey === undefined && {
        path: ['catalogue', 'sessionToken'],
        message: 'belongs to "accessKey" and "secretKey", which are missing',
      },
    credentials !== undefined &&
      accessKey !== undefined && {
        path: ['catalogue', 'credentials'],
        message: 'name either "credentials" or "accessKey" and "secretKey", not both',
      },
    tls !== undefined &&
      endpoint?.startsWith('http:') === true && {
        path: ['catalogue', 'tls'],
        message: 'the connection is not encrypted: give "endpoint" as an https URL',
      },
  ];
  return faults.filter((fault) => fault !== false);
}
