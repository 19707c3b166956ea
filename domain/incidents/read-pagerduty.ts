import { identity, labelsOf, maybeObject, maybeText, maybeTime, maybeUrl, object, text, type Json } from './reading.ts';
import type { Notice } from './track.ts';

const meanings: Record<string, Notice['what']> = {
  'incident.triggered': 'opened',
  'incident.reopened': 'opened',
  'incident.acknowledged': 'acknowledged',
  'incident.resolved': 'resolved',
};
/** What people and we ourselves add to an incident: it changes nothing, and answering it would never end. */
const remarks = new Set(['incident.annotated', 'incident.status_update_published']);

/** A V3 webhook of PagerDuty. A text: why it concerns no incident. Failure: InvalidArgument. */
export function readPagerduty(body: unknown, now: number): Notice | string {
  const event = object(object(body, 'the body')['event'], 'event');
  const type = text(event['event_type'], 'event.event_type', 100);
  if (!type.startsWith('incident.') || remarks.has(type)) return `${type} says nothing of an incident's state`;
  const data = object(event['data'], 'event.data');
  // Workflow and responder events wrap the incident.
  const incident = 'incident' in data ? object(data['incident'], 'event.data.incident') : data;
  const what = meanings[type] ?? 'updated';
  const status = maybeText(incident['status']);
  const key = identity(incident['id'], 'event.data.id');
  const number = maybeText(incident['number']);
  const title = maybeText(incident['title']) ?? maybeText(incident['summary']) ?? `Incident ${number ?? key}`;
  const url = maybeUrl(incident['html_url']);
  return {
    source: 'pagerduty',
    key,
    delivery: identity(event['id'], 'event.id'),
    content: type,
    what,
    open: what === 'updated' ? status === 'triggered' || status === 'acknowledged' : what !== 'resolved',
    title,
    labels: labels(incident),
    ...(url === undefined ? {} : { url }),
    at: new Date(maybeTime(event['occurred_at']) ?? now).toISOString(),
  };
}

function labels(incident: Json): Record<string, string> {
  const service = maybeObject(incident['service']);
  const teams = Array.isArray(incident['teams']) ? incident['teams'].map(maybeObject) : [];
  return labelsOf({
    service: service['summary'],
    service_id: service['id'],
    urgency: incident['urgency'],
    priority: maybeObject(incident['priority'])['summary'],
    team: teams.map((team) => maybeText(team['summary']) ?? '').join(','),
    escalation_policy: maybeObject(incident['escalation_policy'])['summary'],
    incident_key: incident['incident_key'],
    title: incident['title'],
  });
}
