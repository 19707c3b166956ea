import { Failure } from '../../domain/failures.ts';
import type { AwsCredentials } from '../../domain/authentication.ts';

export interface AwsKeyPair {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** Gives keys that are valid now. Failure: WrongCredentials, with what the SDK found missing. */
export type AwsKeys = () => Promise<AwsKeyPair>;

export interface AwsSurroundings {
  /** The process's variables: AWS_PROFILE, AWS_WEB_IDENTITY_TOKEN_FILE and so on. */
  variables: NodeJS.ProcessEnv;
  region: string;
  /** Is given all that is secret in keys that were found, before they are used. */
  onFound?: (keys: AwsKeyPair) => void;
}

/** Temporary keys are asked for anew so long before they expire. */
const marginMs = 5 * 60_000;

/**
 * Where keys come from, by what the platform file says. State of the process, and on purpose: each activity opens its
 * platform anew, and must not ask STS or the metadata service each time.
 */
const sources = new Map<string, AwsKeys>();

type Found = Exclude<AwsCredentials, { kind: 'keys' }>;

/** A source of keys by AWS's own SDK. Its keys are kept until shortly before they expire. */
export function awsKeys(credentials: Found, surroundings: AwsSurroundings): AwsKeys {
  const { region, variables } = surroundings;
  const own = Object.entries(variables).filter(([name]) => name.startsWith('AWS_'));
  const id = JSON.stringify([credentials, region, own]);
  const source = sources.get(id) ?? kept(credentials, surroundings);
  sources.set(id, source);
  return source;
}

function kept(credentials: Found, surroundings: AwsSurroundings): AwsKeys {
  let asked: Promise<AwsKeyPair> | undefined;
  let until = 0;
  const ask = async () => {
    try {
      const provider = await providerOf(credentials, surroundings);
      const keys = await provider();
      surroundings.onFound?.(keys);
      // Keys without an end may be replaced in their file all the same.
      until = keys.expiration ? keys.expiration.getTime() - marginMs : Date.now() + marginMs;
      return keys;
    } catch (error) {
      throw credentialsFailure(error, credentials);
    }
  };
  return async () => {
    if (asked && Date.now() < until) return asked;
    until = Infinity;
    asked = ask();
    try {
      return await asked;
    } catch (error) {
      asked = undefined;
      throw error;
    }
  };
}

async function providerOf(credentials: Found, { variables, region }: AwsSurroundings): Promise<AwsKeys> {
  // Loaded on demand: it is large, and most platforms name keys.
  const sdk = await import('@aws-sdk/credential-providers');
  const files = {
    filepath: variables['AWS_SHARED_CREDENTIALS_FILE'],
    configFilepath: variables['AWS_CONFIG_FILE'],
  };
  const clientConfig = { region };
  const environment = (): AwsKeys => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = variables;
    if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY && !variables['AWS_PROFILE'])
      return () =>
        Promise.resolve({
          accessKeyId: AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS_SECRET_ACCESS_KEY,
          ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
        });
    return sdk.fromNodeProviderChain({
      ...files,
      clientConfig,
      profile: variables['AWS_PROFILE'],
      roleArn: variables['AWS_ROLE_ARN'],
      webIdentityTokenFile: variables['AWS_WEB_IDENTITY_TOKEN_FILE'],
      timeout: 2_000,
      maxRetries: 1,
    });
  };
  switch (credentials.kind) {
    case 'environment':
      return environment();
    case 'profile':
      return sdk.fromIni({ ...files, profile: credentials.profile, clientConfig });
    case 'role': {
      const { roleArn, sessionName, externalId, profile } = credentials;
      return sdk.fromTemporaryCredentials({
        params: { RoleArn: roleArn, RoleSessionName: sessionName, ExternalId: externalId },
        masterCredentials: profile === undefined ? environment() : sdk.fromIni({ ...files, profile, clientConfig }),
        clientConfig,
      });
    }
    case 'webIdentity': {
      const { roleArn, sessionName, tokenFile } = credentials;
      return sdk.fromTokenFile({
        roleArn,
        roleSessionName: sessionName,
        webIdentityTokenFile: tokenFile,
        clientConfig,
      });
    }
    case 'instance':
      return sdk.fromInstanceMetadata({ timeout: 2_000, maxRetries: 1 });
    case 'container':
      return sdk.fromContainerMetadata({ timeout: 2_000, maxRetries: 1 });
  }
}

const where: Record<Found['kind'], string> = {
  environment: 'in the environment (variables, shared files, web identity, container, instance)',
  profile: 'in the profile',
  role: 'for the role',
  webIdentity: 'for the web identity',
  instance: "at the instance's metadata service",
  container: "at the container's metadata service",
};

function credentialsFailure(error: unknown, credentials: Found): Failure {
  const { name = 'Error', message = '' } = error instanceof Error ? error : {};
  const detail =
    credentials.kind === 'profile'
      ? ` ${credentials.profile}`
      : credentials.kind === 'role' || credentials.kind === 'webIdentity'
        ? ` ${credentials.roleArn}`
        : '';
  const first = (message.split('\n', 1)[0] ?? '').replace(/\.$/, '');
  return new Failure(
    'WrongCredentials',
    {
      message: `No credentials for AWS were found ${where[credentials.kind]}${detail}: ${name === 'Error' ? first : `${name}: ${first}`}`,
      remedy:
        "Name the credentials in the platform file, or set AWS's variables for worker, gateway and command line; see docs/authentication.md",
    },
    { cause: error },
  );
}
