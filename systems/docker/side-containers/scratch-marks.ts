import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { PlatformName } from '../../../domain/platform.ts';
import { ownLabel } from '../containers.ts';

const labels = {
  platform: 'rekindle.scratch',
  host: 'rekindle.scratch.host',
  process: 'rekindle.scratch.process',
  use: 'rekindle.scratch.use',
  until: 'rekindle.scratch.until',
} as const;

/** Tells this process from an earlier one with the same number. */
const thisProcess = `${process.pid} ${randomUUID()}`;

/** What this process works with now; what it made and is not here was left behind when an engine went away. */
const used = new Set<string>();

/**
 * The labels of what is there for a look only, so that a later look finds it should this process die. `use` is unique;
 * until it is told to be `noLongerUsed`, and for `limitSeconds`, nobody takes it for a leftover.
 */
export function scratchMarks(platform: PlatformName, use: string, limitSeconds: number): Record<string, string> {
  used.add(use);
  return {
    [ownLabel]: 'scratch',
    [labels.platform]: platform,
    [labels.host]: hostname(),
    [labels.process]: thisProcess,
    [labels.use]: use,
    [labels.until]: new Date(Date.now() + limitSeconds * 1000).toISOString(),
  };
}

export function noLongerUsed(use: string): void {
  used.delete(use);
}

/** For the engine's filters. */
export function ofPlatform(platform: PlatformName): string {
  return `${labels.platform}=${platform}`;
}

/** Of a worker that died, of this one when it could not remove it, or past its time; another host's is left alone. */
export function isLeftover(marks: Record<string, string>): boolean {
  if (Date.parse(marks[labels.until] ?? '') <= Date.now()) return true;
  const maker = marks[labels.process] ?? '';
  if (maker === thisProcess) return !used.has(marks[labels.use] ?? '');
  if (marks[labels.host] !== hostname()) return false;
  const pid = Number.parseInt(maker);
  return pid === process.pid || !lives(pid);
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It may be another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
