import {
  isLinkOf,
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

/** The links of one run, and those that they name: whatever the length of the chain, only these are read. */
export async function readLinksOf(storage: ObjectStorage, platform: PlatformName, run: string): Promise<StoredLink[]> {
  const keys = new Map<string, string>();
  const own: string[] = [];
  for await (const { key } of storage.list(linksPrefix(platform))) {
    const name = parseLinkKey(platform, key);
    if (name === undefined) continue;
    keys.set(name, key);
    if (isLinkOf(platform, key, run)) own.push(key);
  }
  const links = await readEach(storage, platform, own.toSorted());
  const before = new Set(links.flatMap(({ previous }) => previous.flatMap((name) => keys.get(name) ?? [])));
  return [
    ...(await readEach(
      storage,
      platform,
      [...before].filter((key) => !own.includes(key)),
    )),
    ...links,
  ];
}

async function readEach(
  storage: ObjectStorage,
  platform: PlatformName,
  keys: readonly string[],
): Promise<StoredLink[]> {
  const links = await Promise.all(keys.map((key) => readLink(storage, platform, key)));
  return links.filter((link) => link !== undefined);
}

/** Undefined: it cannot be read, or is none. */
async function readLink(storage: ObjectStorage, platform: PlatformName, key: string): Promise<StoredLink | undefined> {
  const name = parseLinkKey(platform, key);
  const bytes = await storage.get(key);
  const link = bytes && parseLink(bytes);
  return name === undefined || !bytes || !link ? undefined : { ...link, name, digest: sha256(bytes) };
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
    const link = await readLink(storage, platform, key);
    if (link) links.push(link);
    else unreadable.push(key);
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
