import { rememberPassing } from '../../config/redaction.ts';
import { resolveSecrets } from '../../config/secrets.ts';
import { secretsOfAws, type AwsCredentials } from '../../domain/authentication.ts';
import { awsKeys, type AwsKeys } from '../../systems/aws/credentials.ts';

interface For {
  /** Where the platform file has them: `catalogue.credentials`. */
  purpose: string;
  region: string;
  variables: NodeJS.ProcessEnv;
}

/** The source of keys that the platform file names; redaction knows them before they are used. Failure: MissingSecret. */
export async function keysFrom(credentials: AwsCredentials, { purpose, region, variables }: For): Promise<AwsKeys> {
  if (credentials.kind === 'keys') {
    const named = Object.entries(secretsOfAws(credentials)).map(
      ([key, value]) => [`${purpose}.${key}`, value] as const,
    );
    const found = await resolveSecrets(Object.fromEntries(named), variables);
    const sessionToken = found[`${purpose}.sessionToken`];
    const keys = {
      accessKeyId: found[`${purpose}.accessKey`] ?? '',
      secretAccessKey: found[`${purpose}.secretKey`] ?? '',
      ...(sessionToken !== undefined && { sessionToken }),
    };
    return () => Promise.resolve(keys);
  }
  const source = `${credentials.kind} ${JSON.stringify(credentials)}`;
  return awsKeys(credentials, {
    region,
    variables,
    onFound: ({ secretAccessKey, sessionToken }) =>
      rememberPassing(source, [secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])]),
  });
}
