/** Why a backup was taken that nobody would take every day. */
export type BackupReason = 'before a deployment';

/**
 * How a run came about. Two runs that differ in nothing else have the same plan and the same report but for this, and for the
 * `reason`, which a backup writes into its recovery point.
 */
export interface StartedBy {
  /** `temporal ui`: whoever started it said nothing of themselves, as Temporal's form, its command line and its API do not. */
  how: 'command line' | 'schedule' | 'temporal ui' | 'page' | 'incident' | 'fleet';
  /** A person; the id of a schedule; the workflow `incident/<id>` or `fleet/<name>`. */
  name?: string;
  /** Of a backup; absent: there is none to speak of. */
  reason?: BackupReason;
}

/** For people, after the word "started": `from the command line by ann`. */
export function startedByWords({ reason, ...startedBy }: StartedBy): string {
  return [wayOf(startedBy), ...(reason === undefined ? [] : [reason])].join(', ');
}

function wayOf({ how, name }: StartedBy): string {
  const who = name === undefined ? '' : ` by ${name}`;
  switch (how) {
    case 'command line':
      return `from the command line${who}`;
    case 'page':
      return `on the page${who}`;
    case 'schedule':
      return `by the schedule ${name ?? ''}`.trim();
    case 'incident':
      return `for ${name ?? 'an incident'}`;
    case 'fleet':
      return `as a part of ${name ?? 'a fleet'}`;
    default:
      return `in Temporal${who}`;
  }
}

/** An incident proposes and people decide: its restore waits for approval, whatever the platform file says. */
export function isProposal({ startedBy }: { startedBy?: StartedBy }): boolean {
  return startedBy?.how === 'incident';
}
