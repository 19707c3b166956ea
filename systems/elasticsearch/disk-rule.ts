import type { DiskRule } from '../../domain/mounts.ts';
import type { Client } from './client.ts';
import { attempt } from './errors.ts';

const prefix = 'cluster.routing.allocation.disk';
/** The settings that say when a disk is full. */
export const diskSettings = {
  enabled: `${prefix}.threshold_enabled`,
  low: `${prefix}.watermark.low`,
  maxHeadroom: `${prefix}.watermark.low.max_headroom`,
} as const;

/** The rule that these settings make; what is not set is Elasticsearch's own. */
export function diskRule(setting: (name: string) => string | undefined, copies: number): DiskRule {
  if (setting(diskSettings.enabled) === 'false') return { copies };
  const low = setting(diskSettings.low);
  // Who sets the watermark has no bound, unless it is set as well.
  const maxHeadroom = setting(diskSettings.maxHeadroom) ?? (low === undefined ? '200gb' : undefined);
  return { low: low ?? '85%', ...(maxHeadroom !== undefined && { maxHeadroom }), copies };
}

/** What the living cluster demands of its disks, and how often it holds its data. */
export function livingDiskRule(client: Client): Promise<DiskRule> {
  return attempt('read the disk thresholds', () => readDiskRule(client));
}

async function readDiskRule(client: Client): Promise<DiskRule> {
  const settings = (await client.cluster.getSettings({
    include_defaults: true,
    flat_settings: true,
    // A dot in it would be a level, and flat names have none.
    filter_path: '*.cluster*disk*',
  })) as Partial<Record<'transient' | 'persistent' | 'defaults', Record<string, string>>>;
  const rows = await client.cat.indices({
    format: 'json',
    bytes: 'b',
    h: ['pri.store.size', 'store.size'],
    expand_wildcards: ['open', 'hidden'],
  });
  const sum = (of: 'pri.store.size' | 'store.size') => rows.reduce((total, row) => total + Number(row[of] ?? 0), 0);
  const primaries = sum('pri.store.size');
  const setting = (name: string) =>
    settings.transient?.[name] ?? settings.persistent?.[name] ?? settings.defaults?.[name];
  // Read from the cluster, what is absent does not exist there: versions before 8.6 have no bound.
  const rule = diskRule((name) => setting(name) ?? (name === diskSettings.maxHeadroom ? '-1' : undefined), 1);
  return { ...rule, copies: primaries === 0 ? 1 : Math.max(1, sum('store.size') / primaries) };
}
