import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from './environment.ts';
import { readHostsFile } from './hosts-file.ts';

/** A key file that others may read. As ssh has it, whatever folder it lies in. */
export interface ExposedKey {
  /** One sentence. */
  what: string;
  remedy: string;
}

/** Docker mounts secrets here, for one container alone and with modes of its own. */
const dockerSecrets = '/run/secrets/';

type Places = Pick<Environment, 'keyFile'> &
  Partial<Pick<Environment, 'payloadKeyFile' | 'stateFolder' | 'temporal' | 'hostsFile' | 'variables'>>;

/** Those of the key files (of captures, payloads, the gateway, endpoints and for Temporal) that others than their owner may read or change. */
export async function exposedKeys(places: Places): Promise<ExposedKey[]> {
  const { keyFile, payloadKeyFile, stateFolder, temporal } = places;
  const gatewayKey = stateFolder === undefined ? undefined : path.join(stateFolder, 'gateway-key.pem');
  const { apiKey, tls } = temporal ?? {};
  const temporalFiles = [
    apiKey && 'file' in apiKey ? apiKey.file : undefined,
    tls?.key && 'path' in tls.key ? tls.key.path : undefined,
  ];
  const files = [keyFile, payloadKeyFile, gatewayKey, ...temporalFiles, ...endpointKeys(places)].filter(
    (file) => file !== undefined,
  );
  const found = await Promise.all(files.map(exposed));
  return found.filter((key) => key !== undefined);
}

function endpointKeys({ hostsFile, variables = {} }: Places): string[] {
  // Also asked for a host of the file itself: that the worker's own is none of them was seen to when it started.
  return Object.values(readHostsFile({ hostsFile, host: '', variables })).flatMap((endpoint) => {
    const { key } = endpoint.kind === 'tls' ? endpoint.tls : endpoint;
    return key !== undefined && 'file' in key ? [key.file] : [];
  });
}

async function exposed(file: string): Promise<ExposedKey | undefined> {
  if (file.startsWith(dockerSecrets)) return undefined;
  // A missing file is reported by another check.
  const found = await stat(file).catch(() => undefined);
  const mode = (found?.mode ?? 0) & 0o777;
  if ((mode & 0o077) === 0) return undefined;
  const others = (mode & 0o022) === 0 ? 'read' : 'read or change';
  return {
    what: `UNPROTECTED KEY FILE ${file}: its mode is 0${mode.toString(8)}, so others than its owner may ${others} it`,
    remedy: `chmod 600 ${file}; if someone else may have read it, make a new key and keep the old one for old backups`,
  };
}
