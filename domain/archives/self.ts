import type { PlatformName } from '../platform.ts';
import { sumsEntry } from './archive.ts';
import type { ArchiveForm, EntryChecker } from './archive-form.ts';
import { shown } from './shown.ts';

/*
 * An archive of the orchestrator itself: what its files say, and what Temporal knew at the time. No key, no token, no
 * secret's value:
 *
 *   self.json                    what is in it; always the first entry
 *   README                       for people
 *   platforms/<name>.yaml        the platform files
 *   settings/<name>.yaml         gateway, incidents, hosts
 *   state/<file>                 digests of tokens, the gateway's public key, the audit log
 *   temporal.json                open runs, and schedules with their pauses
 *   SHA256SUMS                   the digest of each entry before it; always the last entry
 */

export const selfFormat = 'rekindle-self';
export const selfVersion = 1;
export const selfEntry = 'self.json';
export const temporalEntry = 'temporal.json';

export const settingsFiles = ['gateway', 'incidents', 'hosts'] as const;
export type SettingsFile = (typeof settingsFiles)[number];
/** What is kept of the state folder: nothing of it is a secret. */
export const stateFiles = ['tokens.json', 'gateway-key.pub.pem', 'audit.jsonl'] as const;
export type StateFile = (typeof stateFiles)[number];

export interface SelfHeader {
  format: typeof selfFormat;
  version: typeof selfVersion;
  /** ISO 8601, UTC. */
  madeAt: string;
  /** Rekindle's own version. */
  madeBy: string;
  host: string;
  /** As REKINDLE_ORCHESTRATOR named it; absent: it had no name. */
  orchestrator?: string;
  /** The public half of the key that captures are encrypted with; absent: there was none. */
  recipient?: string;
  platforms: PlatformName[];
  /** Where each catalogue lies, for people: `s3://bucket/prefix at …`. */
  catalogues: Record<PlatformName, string>;
}

export type SelfPlace =
  | { kind: 'header' | 'readme' | 'temporal' | 'sums' }
  | { kind: 'platform'; name: PlatformName }
  | { kind: 'settings'; file: SettingsFile }
  | { kind: 'state'; file: StateFile };

const mostEntries = 100_000;
/** Of each entry: all of it is held in memory. */
const mostEntryBytes = 64 * 1024 * 1024;
const mostBytes = 512 * 1024 * 1024;

export const selfArchive: ArchiveForm<SelfHeader, SelfPlace> = {
  headerEntry: selfEntry,
  readHeader: readSelf,
  checker,
};

export function selfPlaceOf(name: string): SelfPlace | undefined {
  if (name === selfEntry) return { kind: 'header' };
  if (name === 'README') return { kind: 'readme' };
  if (name === temporalEntry) return { kind: 'temporal' };
  if (name === sumsEntry) return { kind: 'sums' };
  const platform = /^platforms\/([A-Za-z0-9][\w.-]{0,200})\.yaml$/.exec(name)?.[1];
  if (platform !== undefined) return { kind: 'platform', name: platform };
  const settings = settingsFiles.find((file) => name === `settings/${file}.yaml`);
  if (settings !== undefined) return { kind: 'settings', file: settings };
  const state = stateFiles.find((file) => name === `state/${file}`);
  return state === undefined ? undefined : { kind: 'state', file: state };
}

function checker(): EntryChecker<SelfHeader, SelfPlace> {
  const seen = new Set<string>();
  let bytes = 0;
  let ended = false;
  return {
    admit(entry) {
      const place = selfPlaceOf(entry.name);
      if (place === undefined) return `it holds an entry that no archive of Rekindle itself has: ${shown(entry.name)}`;
      if (ended) return `it goes on after ${sumsEntry}: ${shown(entry.name)}`;
      if (seen.size === 0 && place.kind !== 'header') return `it does not begin with ${selfEntry}`;
      if (seen.has(entry.name)) return `it holds ${shown(entry.name)} twice`;
      bytes += entry.bytes;
      if (entry.bytes > mostEntryBytes || bytes > mostBytes || seen.size >= mostEntries)
        return `it is larger than it may be, at ${shown(entry.name)}`;
      seen.add(entry.name);
      ended = place.kind === 'sums';
      return place;
    },
    end({ platforms }) {
      if (!ended) return `it is cut off: it does not end with ${sumsEntry}`;
      const missing = platforms.find((name) => !seen.has(`platforms/${name}.yaml`));
      return missing === undefined ? undefined : `it lacks the platform file of ${missing}`;
    },
  };
}

function readSelf(text: string): SelfHeader | string {
  const found = parsed(text);
  if (found?.['format'] !== selfFormat) return 'it is not an archive of Rekindle itself';
  if (found['version'] !== selfVersion)
    return `it has version ${String(found['version'])} of the format, and this Rekindle reads version ${selfVersion}`;
  const { platforms, catalogues, madeAt, madeBy, host, orchestrator, recipient } = found;
  const texts = [madeAt, madeBy, host].every((value) => typeof value === 'string');
  const optional = [orchestrator, recipient].every((value) => value === undefined || typeof value === 'string');
  const names = Array.isArray(platforms) && platforms.every((name) => typeof name === 'string');
  if (!texts || !optional || !names || typeof catalogues !== 'object' || catalogues === null)
    return 'its first entry is damaged';
  return found as unknown as SelfHeader;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const found = JSON.parse(text) as unknown;
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
