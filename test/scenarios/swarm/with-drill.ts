import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';

/** Writes the platform file anew: a drill starts the api as well, with as little memory as it takes, and knows the values of the database's secrets. */
export async function withDrill(platformFile: string): Promise<void> {
  const file = parse(await readFile(platformFile, 'utf8')) as {
    deployment: { secrets?: object };
    stores: { secrets?: Record<string, object> }[];
    drill?: object;
  };
  const { 's3.client.default.access_key': s3_access_key, 's3.client.default.secret_key': s3_secret_key } =
    file.stores[0]?.secrets ?? {};
  file.deployment.secrets = { s3_access_key, s3_secret_key };
  file.drill = { core: [{ service: 'nuvla_api', memory: '256mb' }], memory: '1400mb' };
  await writeFile(platformFile, stringify(file, { aliasDuplicateObjects: false }));
}
