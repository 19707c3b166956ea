import { Failure, type FailureKind } from '../../domain/failures.ts';
import type { Audited, AuditLog } from '../../operations/access/audit.ts';

/** What an action is, for the audit log, before it is known how it goes. */
export type Intent = Pick<Audited, 'caller' | 'action' | 'subject' | 'text'>;

const refusals: ReadonlySet<FailureKind> = new Set(['NotLoggedIn', 'NotAllowed', 'TooManyRequests', 'InvalidArgument']);

/**
 * Does it, and answers when the log has it, whether it was done, refused or failed. Failures: those of the action;
 * InvalidArgument when the log cannot be written.
 */
export async function audited<T>(audit: AuditLog, intent: Intent, action: () => Promise<T>): Promise<T> {
  const [result] = await Promise.allSettled([action()]);
  await audit.append({ ...intent, ...outcomeOf(result) });
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

function outcomeOf(result: PromiseSettledResult<unknown>): Pick<Audited, 'outcome' | 'text'> {
  if (result.status === 'fulfilled') return { outcome: 'done' };
  const error = result.reason as Error;
  const refused = error instanceof Failure && refusals.has(error.kind);
  return { outcome: refused ? 'refused' : 'failed', text: error.message };
}
