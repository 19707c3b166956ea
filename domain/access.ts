/**
 * What a person or a program may do through the gateway. Each role may do what the one before it may.
 * `viewer` looks; `operator` starts what a person can stop or undo; `approver` says yes to what removes data.
 */
export const roles = ['viewer', 'operator', 'approver'] as const;
export type Role = (typeof roles)[number];

/** Whether who holds `role` may do what asks for `wanted`. */
export function mayAct(role: Role, wanted: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(wanted);
}

/** Who asks, as the gateway established it; `none`: access control is off, so the name is what the caller typed. */
export interface Caller {
  name: string;
  role: Role;
  method: 'token' | 'oidc' | 'proxy' | 'none';
}

/** One line of the audit log. */
export interface AuditEntry {
  /** Counts from 1. */
  number: number;
  /** ISO 8601, UTC. */
  at: string;
  caller: Caller;
  /** `approve`, `start restore`, `release`, …. */
  action: string;
  /** The platform, run, point or token that it concerns. */
  subject: string;
  outcome: 'done' | 'refused' | 'failed';
  /** Why it was refused or failed; a reason that the person gave. */
  text?: string;
  /** SHA-256 over this entry and the one before it: a line that was changed or removed breaks the chain. */
  hash: string;
}

/** Directories take a name in any case, so one person may come with several spellings, and is still one person. */
export const personOf = (name: string): string => name.normalize('NFKC').trim().toLowerCase();
export const isSamePerson = (one: string, other: string): boolean => personOf(one) === personOf(other);
