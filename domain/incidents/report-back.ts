import type { PlatformName } from '../platform.ts';
import type { IncidentSource } from './incident.ts';

/** What is reported back to the tool that sent an incident. Names and words for people, no address and no secret. */
export interface IncidentReport {
  source: IncidentSource;
  /** The incident within its source, and as Rekindle names it. */
  incident: string;
  id: string;
  platform: PlatformName;
  text: string;
  /** When it happened; ISO 8601, UTC. */
  at: string;
  run?: string;
  /** Something was done to the platform: it also belongs among the changes of a service. */
  change?: true;
  /** Only these ways back; the others have it. */
  only?: string[];
}

/** How one way back was taken: `pagerduty note`. */
export interface ReportReceipt {
  to: string;
  /** Why it was not taken. */
  trouble?: string;
  /** Another attempt may help. */
  again?: true;
}

/** A report that waits for its way back. */
export interface Untold {
  at: string;
  text: string;
  run?: string;
  change?: true;
  only?: string[];
  attempts: number;
  /** ISO 8601: not before. */
  nextAt?: string;
}
