import type { SecretReference } from './names.ts';

// How Rekindle proves to other servers who it is, and how it knows them. References only, never a secret's value.

/** Where credentials for AWS come from. `environment` is what every AWS tool finds by itself. */
export type AwsCredentials =
  | { kind: 'environment' }
  | { kind: 'keys'; accessKey: SecretReference; secretKey: SecretReference; sessionToken?: SecretReference }
  /** Of the shared files ~/.aws/config and ~/.aws/credentials. */
  | { kind: 'profile'; profile: string }
  /** Assumed with the environment's credentials, or with those of a profile. */
  | { kind: 'role'; roleArn: string; sessionName: string; externalId?: string; profile?: string }
  | { kind: 'webIdentity'; roleArn: string; sessionName: string; tokenFile: string }
  /** Of the machine's role, from its metadata service. */
  | { kind: 'instance' }
  /** Of the container's role (ECS, EKS Pod Identity). */
  | { kind: 'container' };

export type ElasticsearchAuth =
  | { kind: 'none' }
  | { kind: 'basic'; username: string; password: SecretReference }
  /** The encoded form that Elasticsearch gives, or `id:key`. */
  | { kind: 'apiKey'; apiKey: SecretReference }
  | { kind: 'bearer'; token: SecretReference }
  /** Requests signed with Signature Version 4; `service` is `es`, for OpenSearch Serverless `aoss`. */
  | { kind: 'aws'; region: string; service: 'es' | 'aoss'; credentials: AwsCredentials };

/** Which certificates of a server are trusted; without any of it, those that Node trusts. */
export interface TrustSettings {
  /** Path of a PEM file: only what its authorities signed is trusted. */
  ca?: string;
  /** SHA-256 of one certificate that the server sends, in hexadecimal: only what hangs on that one is trusted. */
  fingerprint?: string;
  /** The name that the certificate must hold; absent: the address's, or the service's where Docker found the address. */
  serverName?: string;
}

export interface TlsSettings extends TrustSettings {
  /** Path of the PEM file with Rekindle's own certificate, and its key. */
  certificate?: string;
  key?: SecretReference;
  passphrase?: SecretReference;
}

/** How a bucket writes: what it encrypts with, and the checksum that Object Lock demands. */
export interface BucketWriting {
  encryption?: { kind: 'AES256' | 'aws:kms' | 'aws:kms:dsse'; keyId?: string };
  checksum?: 'md5' | 'crc32' | 'sha256';
}

/** How Rekindle itself reads the bucket of a repository, where the nodes' own secrets are not the way. */
export interface BucketAccessSettings {
  credentials: AwsCredentials;
  tls?: TrustSettings;
}

/** Every secret that the credentials refer to, by its key. */
export function secretsOfAws(credentials: AwsCredentials): Record<string, SecretReference> {
  if (credentials.kind !== 'keys') return {};
  const { accessKey, secretKey, sessionToken } = credentials;
  return { accessKey, secretKey, ...(sessionToken && { sessionToken }) };
}

/** The same for a store's way to authenticate. The password of `basic` stands in the store itself. */
export function secretsOfAuth(auth: ElasticsearchAuth): Record<string, SecretReference> {
  if (auth.kind === 'apiKey') return { apiKey: auth.apiKey };
  if (auth.kind === 'bearer') return { token: auth.token };
  return auth.kind === 'aws' ? secretsOfAws(auth.credentials) : {};
}
