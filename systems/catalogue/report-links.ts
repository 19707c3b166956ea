import {
  linkKey,
  linksPrefix,
  linkText,
  parseLinkKey,
  type ReportLink,
  type StoredLink,
} from '../../domain/reports/chain.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import { sha256 } from './digest.ts';

/** A link's name is the digest of its text, so that writing it again changes nothing. */
export async function addLink(storage: ObjectStorage, platform: PlatformName, link: ReportLink): Promise<void> {
  const bytes = new TextEncoder().encode(linkText(link));
  await storage.put(linkKey(platform, link, sha256(bytes)), bytes);
}

/** Oldest first; `newest`: so many of the newest only. What lies there and is no link is named. */
export async function readLinks(
  storage: ObjectStorage,
  platform: PlatformName,
  newest?: number,
): Promise<{ links: StoredLink[]; unreadable: string[] }> {
  const keys: string[] = [];
  for await (const { key } of storage.list(linksPrefix(platform))) keys.push(key);
  const wanted = keys.toSorted().slice(newest === undefined ? 0 : -newest);
  const links: StoredLink[] = [];
  const unreadable: string[] = [];
  for (const key of wanted) {
    const name = parseLinkKey(platform, key);
    const bytes = await storage.get(key);
    const link = bytes && parseLink(bytes);
    if (name === undefined || !bytes || !link) unreadable.push(key);
    else links.push({ ...link, name, digest: sha256(bytes) });
  }
  return { links, unreadable };
}

function parseLink(bytes: Uint8Array): ReportLink | undefined {
  try {
    const { run, finishedAt, report, previous } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ReportLink>;
    const whole = [run, finishedAt, report].every((one) => typeof one === 'string') && Array.isArray(previous);
    return whole ? ({ run, finishedAt, report, previous } as ReportLink) : undefined;
  } catch {
    return undefined;
  }
}
