import type { CatalogueLocation } from '../../platform.ts';
import { quoted } from './quote.ts';
import type { ScriptSecrets } from './secrets.ts';

/** Amazon's own address, where the platform file names none. */
const amazon = (region: string) => `https://s3.${region}.amazonaws.com`;

/** Where the catalogue is; its credentials are the script's secrets, or the environment's usual variables. */
export function catalogueLines(location: CatalogueLocation, secrets: ScriptSecrets): string[] {
  if (location.kind === 'directory')
    return ['catalogue=directory', `catalogue_path=${quoted(location.path.replace(/\/+$/, ''))}`];
  const { bucket, prefix, endpoint, region, credentials, tls } = location;
  const keys =
    credentials?.kind === 'keys'
      ? credentials
      : { accessKey: location.accessKey, secretKey: location.secretKey, sessionToken: location.sessionToken };
  const key = (reference: typeof keys.accessKey, variable: string) =>
    secrets.use(reference ?? { env: variable }, `The catalogue's bucket ${bucket}: ${variable}`);
  return [
    'catalogue=s3',
    `endpoint=${quoted((endpoint ?? amazon(region)).replace(/\/+$/, ''))}`,
    `bucket=${quoted(bucket)}`,
    `prefix=${quoted(prefix)}`,
    `region=${quoted(region)}`,
    `catalogue_access_key=${key(keys.accessKey, 'AWS_ACCESS_KEY_ID')}`,
    `catalogue_secret_key=${key(keys.secretKey, 'AWS_SECRET_ACCESS_KEY')}`,
    `catalogue_session_token=${keys.sessionToken ? key(keys.sessionToken, 'AWS_SESSION_TOKEN') : "''"}`,
    `catalogue_tls=(${tls?.ca === undefined ? '' : `--cacert ${quoted(tls.ca)}`})`,
  ];
}
