import { Counter, Gauge, Registry } from 'prom-client';
import { incidentSources, type IncidentSource } from '../../domain/incidents/incident.ts';

const dropped = ['duplicate', 'late', 'unmapped', 'ignored'] as const;
const refused = ['forged', 'malformed', 'too large', 'too many', 'not configured', 'not stored'] as const;
export type Dropped = (typeof dropped)[number];
export type Refused = (typeof refused)[number];

export interface IncidentMetrics {
  registry: Registry;
  received(source: IncidentSource): void;
  accepted(source: IncidentSource): void;
  dropped(source: IncidentSource, reason: Dropped): void;
  refused(source: IncidentSource, reason: Refused): void;
  delivered(source: IncidentSource): void;
}

export interface IncidentGauges {
  fileValid: () => boolean;
  /** By source. */
  waiting: () => Map<IncidentSource, number>;
}

export function incidentMetrics({ fileValid, waiting }: IncidentGauges): IncidentMetrics {
  const registry = new Registry();
  const counter = (what: string, help: string, more: string[] = []) =>
    new Counter({
      name: `rekindle_incident_events_${what}_total`,
      help,
      labelNames: ['source', ...more],
      registers: [registry],
    });
  const counters = {
    received: counter('received', 'Requests of incident tools, by their source.'),
    accepted: counter('accepted', 'Events that concern a platform and were stored to be delivered.'),
    dropped: counter('dropped', 'Events that were answered with 2xx and lead to nothing, by reason.', ['reason']),
    refused: counter('refused', 'Requests that were answered with 4xx or 5xx, by reason.', ['reason']),
    delivered: counter('delivered', "Events that were handed to their incident's workflow."),
  };
  // A counter that appears as 1 shows no increase.
  for (const source of incidentSources) {
    for (const name of ['received', 'accepted', 'delivered'] as const) counters[name].inc({ source }, 0);
    for (const reason of dropped) counters.dropped.inc({ source, reason }, 0);
    for (const reason of refused) counters.refused.inc({ source, reason }, 0);
  }
  new Gauge({
    name: 'rekindle_incidents_file_valid',
    help: "Whether the incidents' file can be used as it is now: 1 yes, 0 no, an older one may be in force.",
    registers: [registry],
    collect() {
      this.set(fileValid() ? 1 : 0);
    },
  });
  new Gauge({
    name: 'rekindle_incident_events_waiting',
    help: 'Events that are stored and not delivered yet: Temporal does not take them.',
    labelNames: ['source'],
    registers: [registry],
    collect() {
      const counts = waiting();
      for (const source of incidentSources) this.set({ source }, counts.get(source) ?? 0);
    },
  });
  return {
    registry,
    received: (source) => counters.received.inc({ source }),
    accepted: (source) => counters.accepted.inc({ source }),
    dropped: (source, reason) => counters.dropped.inc({ source, reason }),
    refused: (source, reason) => counters.refused.inc({ source, reason }),
    delivered: (source) => counters.delivered.inc({ source }),
  };
}
