import { identity, labelsOf, maybeObject, maybeText, maybeTime, maybeUrl, object, misread, text } from './reading.ts';
import type { Notice } from './track.ts';

/**
 * A notification of Alertmanager, version "4": the present members of one group of alerts. Which incident of the group it
 * belongs to is found from what came before. Failure: InvalidArgument.
 */
export function readAlertmanager(body: unknown): Notice {
  const given = object(body, 'the body');
  if (text(given['version'], 'version') !== '4') return misread('version', 'expected "4"');
  const status = text(given['status'], 'status');
  if (status !== 'firing' && status !== 'resolved') return misread('status', 'expected firing or resolved');
  const list = given['alerts'];
  if (!Array.isArray(list) || list.length === 0) return misread('alerts', 'expected a list of alerts');
  const alerts = list.map(readAlert);
  const starts = alerts.map(({ startsAt }) => startsAt);
  const firing = alerts.filter((alert) => alert.status === 'firing').map(({ startsAt }) => startsAt);
  if (firing.length > 0 !== (status === 'firing') && given['truncatedAlerts'] === 0)
    return misread('status', 'does not fit that of the alerts');
  const ends = alerts.flatMap(({ endsAt }) => endsAt ?? []);
  const key = identity(given['groupKey'], 'groupKey');
  const group = { earliest: least(starts), newest: greatest(firing.length > 0 ? firing : starts) };
  const labels = labelsOf(maybeObject(given['commonLabels']), maybeObject(given['groupLabels']), {
    receiver: given['receiver'],
  });
  const url = maybeUrl(alerts.find(({ url }) => url !== undefined)?.url) ?? maybeUrl(given['externalURL']);
  return {
    source: 'alertmanager',
    key,
    content: [
      status,
      ...alerts.map((alert) => `${alert.fingerprint} ${alert.startsAt} ${alert.status}`).toSorted(),
    ].join('\n'),
    what: status === 'firing' ? 'opened' : 'resolved',
    open: status === 'firing',
    title: titleOf(maybeObject(given['commonAnnotations']), labels, alerts.length),
    labels,
    ...(url === undefined ? {} : { url }),
    at: new Date(status === 'firing' ? group.newest : greatest(ends.length > 0 ? ends : starts)).toISOString(),
    group,
  };
}

function readAlert(value: unknown, position: number) {
  const field = `alerts[${position}]`;
  const alert = object(value, field);
  const startsAt = maybeTime(alert['startsAt']) ?? misread(`${field}.startsAt`, 'expected a time, as RFC 3339 has it');
  return {
    fingerprint: identity(alert['fingerprint'], `${field}.fingerprint`),
    status: text(alert['status'], `${field}.status`),
    startsAt,
    // Zero time while it fires.
    endsAt: maybeTime(alert['endsAt']),
    url: maybeUrl(alert['generatorURL']),
  };
}

function titleOf(annotations: Record<string, unknown>, labels: Record<string, string>, count: number): string {
  const said = maybeText(annotations['summary']) ?? maybeText(annotations['description']);
  return said ?? `${labels['alertname'] ?? 'Alerts'}${count > 1 ? ` (${count} alerts)` : ''}`;
}

// Not by spreading: a group may have more members than a call may have arguments.
const least = (numbers: number[]) => numbers.reduce((a, b) => Math.min(a, b), Infinity);
const greatest = (numbers: number[]) => numbers.reduce((a, b) => Math.max(a, b), -Infinity);
