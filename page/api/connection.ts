/** Whether the gateway answers, for the banner. Times in milliseconds, of this device's clock. */
export interface Connection {
  lastHeardAt?: number;
  /** Set while it does not answer. */
  downSince?: number;
}

let connection: Connection = {};
/** How far the gateway's clock is ahead of this device's: ages are by the gateway's, which wrote the times. */
let ahead = 0;
const listeners = new Set<() => void>();

export const connectionNow = (): Connection => connection;
export const gatewayTime = (): number => Date.now() + ahead;

export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `date`: of its answer. */
export function heard(date?: string | null): void {
  const at = date ? Date.parse(date) : Number.NaN;
  // Whole seconds, and the way here: what is less is no difference.
  if (!Number.isNaN(at)) ahead = Math.abs(at - Date.now()) > 3000 ? at - Date.now() : 0;
  tell({ lastHeardAt: Date.now() });
}

export function notHeard(): void {
  tell({ ...connection, downSince: connection.downSince ?? connection.lastHeardAt ?? Date.now() });
}

function tell(next: Connection): void {
  const changed = next.downSince !== connection.downSince;
  connection = next;
  if (changed) for (const listener of listeners) listener();
}
