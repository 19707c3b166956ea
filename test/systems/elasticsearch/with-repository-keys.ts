import type { Client } from '../../../systems/elasticsearch/client.ts';
import { awaitUsable } from '../../../systems/elasticsearch/health.ts';
import { giveSecrets, reloadSecureSettings } from '../../../systems/elasticsearch/keystore.ts';
import { s3Keys, type TestServers } from '../servers.ts';

/** A client of a usable Elasticsearch that has the S3 server's keys; the bucket `backups` is there. */
export async function connectWithKeys(servers: TestServers): Promise<Client> {
  const client = await servers.connect();
  await awaitUsable(client, { timeoutSeconds: 120 });
  await giveSecrets(servers.exec, {
    's3.client.default.access_key': s3Keys.accessKey,
    's3.client.default.secret_key': s3Keys.secretKey,
  });
  await reloadSecureSettings(client);
  await servers.createBucket('backups');
  return client;
}
