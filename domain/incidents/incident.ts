import type { Check, Verdict } from '../checks.ts';
import type { PlatformName } from '../platform.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import type { Forecast } from '../runs/forecast.ts';

/** The tools that Rekindle understands; `generic` is for all others. */
export const incidentSources = ['pagerduty', 'alertmanager', 'opsgenie', 'generic'] as const;
export type IncidentSource = (typeof incidentSources)[number];

/** What is done when an incident concerns a platform. `restore` is a proposal: a person approves it. */
export const incidentActions = ['check', 'backup', 'restore'] as const;
export type IncidentAction = (typeof incidentActions)[number];

/** What a tool said, in one shape for all of them. */
export interface IncidentEvent {
  source: IncidentSource;
  /** Names the delivery: the same when the tool sends it again. */
  delivery: string;
  /** Names the incident within its source: PagerDuty's incident id; Alertmanager's group key and start. */
  incident: string;
  /** `opened` also stands for reopened; `updated` for everything that changes neither. */
  what: 'opened' | 'acknowledged' | 'updated' | 'resolved';
  /** One line for people. */
  title: string;
  /** What mapping rules look at: labels, service, team, severity. */
  labels: Record<string, string>;
  /** The incident's page in its tool. */
  url?: string;
  /** ISO 8601, UTC; as the tool says. */
  at: string;
}

/** The rule that an event met. */
export interface IncidentTarget {
  platform: PlatformName;
  action: IncidentAction;
  /** For people: the rule's place in the mapping file. */
  rule: string;
}

/** Of the workflow `incident/<id>`. What a tool sends later arrives as the signal `incidentEvent`. */
export interface IncidentInput {
  /** Short and safe in an id; equal for equal `source` and `incident`. */
  id: string;
  platform: PlatformName;
  action: IncidentAction;
  rule: string;
  event: IncidentEvent;
}

export type IncidentPhase =
  'open' | 'looking' | 'proposing' | 'working' | 'waiting for the incident to end' | 'resolved';

/** Everything known of an incident; the query `incident` answers with it. */
export interface IncidentState {
  id: string;
  platform: PlatformName;
  action: IncidentAction;
  rule: string;
  phase: IncidentPhase;
  source: IncidentSource;
  incident: string;
  title: string;
  url?: string;
  openedAt: string;
  acknowledgedAt?: string;
  resolvedAt?: string;
  /** Preflight, as it was when the incident opened (and again when it reopened). */
  preflight?: { at: string; verdict: Verdict; checks: Check[]; recoveryPoint?: RecoveryPointId; forecast?: Forecast };
  /** The run that was started or proposed for it, and how that went. */
  run?: {
    id: string;
    kind: 'restore' | 'backup';
    phase: string;
    verdict?: Verdict;
    approvedBy?: string[];
    /** It was started for something else: this incident only refers to it. */
    other?: true;
  };
  /** What happened, oldest first, bounded; for people. */
  story: { at: string; text: string }[];
  /** What was reported back to the tool, and why something could not be. */
  told: { at: string; to: string; text: string; trouble?: string }[];
}
