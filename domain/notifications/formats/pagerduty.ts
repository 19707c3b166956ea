import type { NotificationDocument } from '../notification-document.ts';
import { detailsOf, titleOf } from '../notification-text.ts';
import { cut } from './cut.ts';

const longestSummary = 1024;
/** PagerDuty takes 255 characters. */
const longestKey = 255;

/** An event of PagerDuty's Events API v2. */
export interface PagerEvent {
  routing_key: string;
  event_action: 'trigger' | 'resolve';
  dedup_key: string;
  client: 'Rekindle';
  client_url?: string;
  links?: { href: string; text: string }[];
  payload?: {
    summary: string;
    source: string;
    severity: 'critical' | 'error' | 'warning';
    timestamp: string;
    component: string;
    class: string;
    custom_details: { text: string; details: string[] };
  };
}

/** A recovery resolves what the failure before it had triggered. */
export function pagerEvent(document: NotificationDocument, routingKey: string): PagerEvent {
  const { event, platform, at, text, links } = document;
  const pages = [
    ...(links?.page === undefined ? [] : [{ href: links.page, text: 'Rekindle' }]),
    ...(links?.run === undefined ? [] : [{ href: links.run, text: 'Temporal' }]),
  ];
  const common = {
    routing_key: routingKey,
    dedup_key: occasionKey(document),
    client: 'Rekindle' as const,
    ...(pages[0] && { client_url: pages[0].href }),
  };
  if (event === 'recovery' || document.readiness?.verdict === 'ready') return { ...common, event_action: 'resolve' };
  return {
    ...common,
    event_action: 'trigger',
    ...(pages.length > 0 && { links: pages }),
    payload: {
      summary: cut(`${titleOf(document)}. ${text}`, longestSummary),
      source: platform,
      severity: severityOf(document),
      timestamp: at,
      component: document.run?.kind ?? (document.readiness ? 'readiness' : 'recovery points'),
      class: document.failure?.kind ?? event,
      custom_details: { text, details: detailsOf(document) },
    },
  };
}

/**
 * One alert for each thing that can be wrong with a platform: its backups, its recovery points, its readiness, its retention. Of all other
 * runs each is an occasion of its own: that a run waits, how it failed, and that it is over.
 */
function occasionKey({ platform, run, readiness }: NotificationDocument): string {
  const subject =
    run === undefined
      ? readiness
        ? 'readiness'
        : 'recovery points'
      : ['backup', 'prune', 'scrub', 'drill'].includes(run.kind)
        ? run.kind
        : run.id;
  return cut(`rekindle/${platform}/${subject}`, longestKey);
}

/** Without a working platform, or with a person needed for one: critical. */
function severityOf({ event, run, waiting, readiness }: NotificationDocument): 'critical' | 'error' | 'warning' {
  if (run?.kind === 'prune' || waiting?.for === 'repair' || readiness?.verdict === 'unknown') return 'warning';
  return event === 'waiting' || run?.kind === 'restore' ? 'critical' : 'error';
}
