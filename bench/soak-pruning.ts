import { snapshotNameOf } from '../domain/recovery-points/recovery-point.ts';
import { elasticsearchClient } from '../stack/clients.ts';
import type { DemoPlatform } from '../stack/demo-platform.ts';
import { openCatalogue } from '../systems/catalogue/open-catalogue.ts';
import { s3Storage } from '../systems/object-storage/s3.ts';

/** Removes all recovery points but the newest ones, from the catalogue and with their snapshots. */
export async function keepNewestPoints(platform: DemoPlatform, count: number): Promise<void> {
  const { name, s3, buckets } = platform;
  const { endpoint, accessKey, secretKey } = s3;
  const location = { bucket: buckets.catalogue, prefix: '', endpoint, region: 'us-east-1' };
  const catalogue = openCatalogue(s3Storage({ ...location, accessKey, secretKey }), name);
  const old = (await catalogue.listPoints()).points.slice(count);
  if (old.length === 0) return;
  const client = await elasticsearchClient(platform);
  try {
    const snapshot = old.map(({ id }) => snapshotNameOf(id)).join(',');
    await client.snapshot.delete({ repository: 's3_backup', snapshot }, { requestTimeout: 180_000 });
  } finally {
    await client.close();
  }
  for (const { id } of old) await catalogue.removePoint(id);
}
