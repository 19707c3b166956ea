import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadClientConfigFromToml, loadClientConfigProfile, type ClientConfigProfile } from '@temporalio/envconfig';
import { Failure } from '../../domain/failures.ts';
import type { ApiKey, Pem, TemporalAccess, TemporalTls } from './access.ts';
import { checkedAccess } from './check-access.ts';

/** Where Temporal is and what it demands; from variables, and from a profile in Temporal's own configuration file. */
export interface TemporalSettings {
  address: string | undefined;
  namespace: string | undefined;
  access: TemporalAccess | undefined;
}

type Variables = Record<string, string>;

/**
 * As Temporal's SDKs and its command line have it: `TEMPORAL_*`, over the profile `TEMPORAL_PROFILE` (or `default`) of
 * `temporal.toml`. No certificate is read yet. Failure: InvalidArgument, naming the variable, or the file and the key.
 */
export function readTemporalSettings(given: NodeJS.ProcessEnv): TemporalSettings {
  const variables = set(given);
  const file = configurationFile(variables);
  const { profile, name } = loadProfile(variables, file);
  // What stands in the file is named by its key there, the rest by its variable.
  const from = (variable: string, key: string) =>
    variable in variables ? variable : `${key} of the profile "${name}" in ${file.path ?? ''}`;
  const apiKey = apiKeyOf(profile, variables, from);
  const tls = tlsOf(profile, from, apiKey !== undefined);
  const access: TemporalAccess = {
    ...(tls && { tls }),
    ...(apiKey && { apiKey }),
    ...(profile.grpcMeta && Object.keys(profile.grpcMeta).length > 0 && { headers: headersOf(profile.grpcMeta) }),
  };
  const { address, namespace } = profile;
  if ('TEMPORAL_PROFILE' in variables && address === undefined)
    throw new Failure('InvalidArgument', {
      message: `The profile "${name}" in ${file.path ?? ''} (TEMPORAL_PROFILE) has no address`,
      remedy: `Write address = "<host>:<port>" below [profile.${name}], or set TEMPORAL_ADDRESS`,
    });
  return { address, namespace, access: checkedAccess(access, address) };
}

/** Empty counts as not set: that is what a Compose file makes of a variable that is not. */
function set(variables: NodeJS.ProcessEnv): Variables {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''),
  );
}

interface ConfigurationFile {
  path: string | undefined;
  /** Undefined: there is none. */
  text: string | undefined;
}

/** That of TEMPORAL_CONFIG_FILE must exist; the default one may be absent. */
function configurationFile(variables: Variables): ConfigurationFile {
  const named = variables['TEMPORAL_CONFIG_FILE'];
  const file = named ?? defaultFile(variables);
  if (file === undefined) return { path: undefined, text: undefined };
  try {
    return { path: file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (named === undefined && (code === 'ENOENT' || code === 'ENOTDIR')) return { path: file, text: undefined };
    throw new Failure(
      'InvalidArgument',
      {
        message: `Temporal's configuration file ${file} cannot be read: ${code ?? 'unknown reason'}`,
        remedy: 'Make it readable for this user, or set TEMPORAL_CONFIG_FILE to another one',
      },
      { cause: error },
    );
  }
}

function defaultFile({ XDG_CONFIG_HOME: config, HOME: home }: Variables): string | undefined {
  if (config !== undefined && path.isAbsolute(config)) return path.join(config, 'temporalio', 'temporal.toml');
  if (home === undefined) return undefined;
  const folder = os.platform() === 'darwin' ? path.join('Library', 'Application Support') : '.config';
  return path.join(home, folder, 'temporalio', 'temporal.toml');
}

function loadProfile(
  variables: Variables,
  { path: file = 'temporal.toml', text }: ConfigurationFile,
): { profile: ClientConfigProfile; name: string } {
  const wanted = variables['TEMPORAL_PROFILE'];
  const name = wanted ?? 'default';
  const names = text === undefined ? [] : profilesIn(text, file);
  if (wanted !== undefined && !names.includes(wanted))
    throw new Failure('InvalidArgument', {
      message: `There is no profile "${wanted}" (TEMPORAL_PROFILE) in ${file}`,
      remedy:
        names.length === 0
          ? `Write one there, below [profile.${wanted}], or unset TEMPORAL_PROFILE`
          : `Set TEMPORAL_PROFILE to one that it has: ${names.join(', ')}`,
    });
  // The SDK takes a file without profiles amiss.
  const source = names.length === 0 ? { disableFile: true } : { configSource: { data: text ?? '' } };
  try {
    return { profile: loadClientConfigProfile({ ...source, overrideEnvVars: variables }), name };
  } catch (error) {
    throw unusable(file, (error as Error).message, error);
  }
}

function profilesIn(text: string, file: string): string[] {
  // The same as the SDK looks for, without what a parser's message would quote.
  if (!/^\s*\[?\s*"?profile\b/m.test(text)) return [];
  try {
    return Object.keys(loadClientConfigFromToml(new TextEncoder().encode(text), { strict: false }).profiles);
  } catch (error) {
    // A parser's message quotes the line, in which an API key may stand.
    const { line, message } = error as Error & { line?: number };
    throw unusable(file, line === undefined ? message : `line ${line} is not TOML`, error);
  }
}

const unusable = (file: string, why: string, cause: unknown) =>
  new Failure(
    'InvalidArgument',
    {
      message: `Temporal's configuration cannot be used, of ${file} and TEMPORAL_*: ${why}`,
      remedy: 'Correct the file, or set TEMPORAL_CONFIG_FILE to another one; docs/temporal.md has examples',
    },
    { cause },
  );

function apiKeyOf(
  { apiKey }: ClientConfigProfile,
  variables: Variables,
  from: (variable: string, key: string) => string,
): ApiKey | undefined {
  const file = variables['REKINDLE_TEMPORAL_API_KEY_FILE'];
  if (file === undefined)
    return apiKey === undefined ? undefined : { value: apiKey, from: from('TEMPORAL_API_KEY', 'api_key') };
  if ('TEMPORAL_API_KEY' in variables)
    throw new Failure('InvalidArgument', {
      message: 'TEMPORAL_API_KEY and REKINDLE_TEMPORAL_API_KEY_FILE are both set',
      remedy: 'Keep one of them: the file, when the key changes while a worker runs',
    });
  return { file, from: 'REKINDLE_TEMPORAL_API_KEY_FILE' };
}

/** An API key alone asks for TLS as well, as in every SDK. */
function tlsOf(
  { tls }: ClientConfigProfile,
  from: (variable: string, key: string) => string,
  withKey: boolean,
): TemporalTls | undefined {
  if (tls === undefined) return withKey ? {} : undefined;
  if (tls.disabled === true) return undefined;
  const pem = (source: typeof tls.clientCert, variable: string, key: string): Pem | undefined => {
    if (source === undefined) return undefined;
    if ('path' in source) return { path: source.path, from: from(`${variable}_PATH`, `tls.${key}_path`) };
    const { data } = source;
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
    return { data: text, from: from(`${variable}_DATA`, `tls.${key}_data`) };
  };
  return {
    serverName: tls.serverName,
    authority: pem(tls.serverCACert, 'TEMPORAL_TLS_SERVER_CA_CERT', 'server_ca_cert'),
    certificate: pem(tls.clientCert, 'TEMPORAL_TLS_CLIENT_CERT', 'client_cert'),
    key: pem(tls.clientKey, 'TEMPORAL_TLS_CLIENT_KEY', 'client_key'),
  };
}

/** Names of headers have no underscores; the SDK replaces only the first. */
const headersOf = (meta: Record<string, string>) =>
  Object.fromEntries(Object.entries(meta).map(([name, value]) => [name.replaceAll('_', '-'), value]));
