import type Docker from 'dockerode';
import type { PlatformName, VolumeName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { answersOf, runInspection } from './helper.ts';
import { listScript } from './quarantine-scripts.ts';
import { inventoryOf, type Inventory } from './quarantine.ts';

export interface QuarantineEntry {
  /** As `quarantineFolder` names it. */
  folder: string;
  /** The run that moved the data aside, as it was given; what an older Rekindle moved has it from the folder's name. */
  run: string;
  volumes: QuarantinedVolume[];
}

/** What is not known (the inventory took too long, an older Rekindle moved it) is absent. */
export interface QuarantinedVolume extends Partial<Inventory> {
  /** The volume's or the folder's path, or `<volume>.replaced` for what `returnVolume` put aside. */
  name: VolumeName;
  /** ISO 8601, UTC. */
  quarantinedAt?: string;
}

/** All that waits on this host, of every run. */
export async function listQuarantine(
  docker: Docker,
  { platform, image, ...watch }: { platform: PlatformName; image: string } & Watch,
): Promise<QuarantineEntry[]> {
  const result = await runInspection(docker, { platform, image, script: listScript, arguments: [] }, watch);
  answersOf(result, 'Listing the quarantine');
  return entriesOf(result.lines);
}

/** From the lines that the script prints. */
export function entriesOf(lines: readonly string[]): QuarantineEntry[] {
  const entries = new Map<string, QuarantineEntry>();
  const entryOf = (folder: string) =>
    entries.get(folder) ?? { folder, run: safely(decodeURIComponent, folder), volumes: [] };
  let record = new Map<string, string>();
  const records: { folder: string; name: string; record: Map<string, string> }[] = [];
  for (const line of lines) {
    const key = line.slice(0, line.indexOf('='));
    const value = line.slice(key.length + 1);
    const [folder = '', ...rest] = value.split('/');
    if (key === 'volume') {
      record = new Map();
      records.push({ folder, name: rest.join('/'), record });
      entries.set(folder, entryOf(folder));
    } else if (key === 'owner') {
      const entry = entries.get(folder);
      if (entry && rest.join('/') !== '') entry.run = safely(decodeURI, rest.join('/'));
    } else record.set(key, value);
  }
  for (const { folder, name, record } of records) {
    const quarantinedAt = record.get('quarantinedAt');
    const path = record.get('folder');
    const volume = path === undefined ? name : safely(decodeURI, path);
    entries
      .get(folder)
      ?.volumes.push({ name: volume, ...inventoryOf(record), ...(quarantinedAt && { quarantinedAt }) });
  }
  return [...entries.values()];
}

/** A folder that somebody made by hand may have any name. */
function safely(decode: (text: string) => string, text: string): string {
  try {
    return decode(text);
  } catch {
    return text;
  }
}
