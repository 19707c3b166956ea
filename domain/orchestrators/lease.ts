import { compactTime, isoTime, runOf, slugOf } from '../recovery-points/key-parts.ts';
import type { PlatformName } from '../platform.ts';

/*
 * Which of several orchestrators is in charge of a platform: an empty object of the catalogue for each time that one took
 * over, never changed. The highest epoch counts. There is no clock in it: nobody loses the charge by being slow, only by
 * another one taking it.
 */
export interface Lease {
  /** From 1; whoever takes over writes a higher one. */
  epoch: number;
  /** When it was taken; ISO 8601, UTC. For people. */
  at: string;
  /** As REKINDLE_ORCHESTRATOR names it. */
  orchestrator: string;
}

export const leasesPrefix = (platform: PlatformName): string => `${platform}/orchestrators/`;

export function leaseKey(platform: PlatformName, { epoch, at, orchestrator }: Lease): string {
  return `${leasesPrefix(platform)}${String(epoch).padStart(8, '0')}~${compactTime(at)}~${slugOf(orchestrator)}`;
}

/** The reverse; undefined when it is not ours. */
export function parseLeaseKey(platform: PlatformName, key: string): Lease | undefined {
  const prefix = leasesPrefix(platform);
  const [number = '', time = '', slug = '', ...rest] = key.startsWith(prefix)
    ? key.slice(prefix.length).split('~')
    : [];
  const [at, orchestrator] = [isoTime(time), runOf(slug)];
  if (!/^\d{8}$/.test(number) || at === undefined || !orchestrator || rest.length > 0) return undefined;
  return { epoch: Number(number), at, orchestrator };
}

/** Who is in charge. `several`: two took over at the same moment, and neither has withdrawn yet: nobody is. */
export type Charge = { kind: 'nobody' } | { kind: 'one'; lease: Lease } | { kind: 'several'; leases: Lease[] };

export function chargeOf(leases: readonly Lease[]): Charge {
  const highest = Math.max(0, ...leases.map(({ epoch }) => epoch));
  const newest = leases.filter(({ epoch }) => epoch === highest);
  const [lease, second] = newest;
  if (lease === undefined) return { kind: 'nobody' };
  return second === undefined ? { kind: 'one', lease } : { kind: 'several', leases: newest };
}

/** Later rounds choose further ahead, so that two which take over at the same moment part. `random`: 0 to below 1. */
export function nextEpoch(leases: readonly Lease[], round: number, random: number): number {
  const highest = Math.max(0, ...leases.map(({ epoch }) => epoch));
  return highest + 1 + Math.floor(random * (2 ** round - 1));
}

/** Why this orchestrator must not work on the platform; undefined: it may. Where nobody ever took over, everybody may. */
export function whyNotInCharge(leases: readonly Lease[], orchestrator: string): string | undefined {
  const charge = chargeOf(leases);
  switch (charge.kind) {
    case 'nobody':
      return undefined;
    case 'one': {
      const { lease } = charge;
      return lease.orchestrator === orchestrator ? undefined : `${lease.orchestrator} took over at ${lease.at}`;
    }
    case 'several':
      return `${charge.leases.map((lease) => lease.orchestrator).join(' and ')} are taking over at the same moment`;
  }
}
