import { createHash } from 'node:crypto';
import type { IncidentSources } from '../../config/incidents-file.ts';
import { rememberSecret } from '../../config/redaction.ts';
import { resolveSecret } from '../../config/secrets.ts';
import type { IncidentReport } from '../../domain/incidents/report-back.ts';
import type { Message } from '../../systems/http-receiver.ts';

/** A report with the pages that it leads to, where it is known under which address people reach them. */
export interface Letter extends IncidentReport {
  links?: { incident: string; run?: string };
}

/** One way back to a tool. */
export interface WayBack {
  /** For people: `pagerduty note`. */
  to: string;
  /** Failure: MissingSecret. */
  message: () => Promise<Message>;
}

/** Limits of the tools' interfaces, in characters. */
const longestSummary = 1000;
const longestNote = 20_000;

/** Alertmanager takes nothing back. */
export function waysBack(sources: IncidentSources, letter: Letter, variables: NodeJS.ProcessEnv): WayBack[] {
  const { pagerduty, opsgenie, generic } = sources;
  switch (letter.source) {
    case 'pagerduty':
      return pagerduty ? pagerDuty(pagerduty, letter, variables) : [];
    case 'opsgenie':
      return opsgenie ? opsGenie(opsgenie, letter, variables) : [];
    case 'generic':
      return generic?.callback ? [callback(generic.callback, letter, variables)] : [];
    default:
      return [];
  }
}

function pagerDuty(
  { apiToken, from = '', changeKey, apiUrl, eventsUrl }: NonNullable<IncidentSources['pagerduty']>,
  letter: Letter,
  variables: NodeJS.ProcessEnv,
): WayBack[] {
  const note: WayBack[] = apiToken
    ? [
        {
          to: 'pagerduty note',
          message: async () =>
            json(
              `${base(apiUrl)}/incidents/${encodeURIComponent(letter.incident)}/notes`,
              { note: { content: wordsOf(letter) } },
              {
                accept: 'application/vnd.pagerduty+json;version=2',
                authorization: `Token token=${await resolveSecret(apiToken, 'sources.pagerduty.apiToken', variables)}`,
                from,
              },
            ),
        },
      ]
    : [];
  if (!changeKey || !letter.change) return note;
  const change: WayBack = {
    to: 'pagerduty change event',
    message: async () =>
      json(`${base(eventsUrl)}/v2/change/enqueue`, {
        routing_key: await resolveSecret(changeKey, 'sources.pagerduty.changeKey', variables),
        payload: {
          summary: `${letter.platform}: ${letter.text}`.slice(0, longestSummary),
          timestamp: letter.at,
          source: 'rekindle',
          custom_details: { platform: letter.platform, incident: letter.incident, run: letter.run },
        },
        links: linksOf(letter).map(([text, href]) => ({ href, text })),
      }),
  };
  return [...note, change];
}

function opsGenie(
  { apiKey, apiUrl }: NonNullable<IncidentSources['opsgenie']>,
  letter: Letter,
  variables: NodeJS.ProcessEnv,
): WayBack[] {
  if (!apiKey) return [];
  const message = async () =>
    json(
      `${base(apiUrl)}/v2/alerts/${encodeURIComponent(letter.incident)}/notes?identifierType=id`,
      { note: wordsOf(letter), source: 'Rekindle' },
      { authorization: `GenieKey ${await resolveSecret(apiKey, 'sources.opsgenie.apiKey', variables)}` },
    );
  return [{ to: 'opsgenie note', message }];
}

function callback(
  { url, token }: NonNullable<NonNullable<IncidentSources['generic']>['callback']>,
  letter: Letter,
  variables: NodeJS.ProcessEnv,
): WayBack {
  const place = 'sources.generic.callback';
  const message = async () => {
    const address = typeof url === 'string' ? url : await resolveSecret(url, `${place}.url`, variables);
    rememberSecret(address);
    const { incident, id, platform, text, at, run, change, links } = letter;
    // The same however often it is sent: the receiver may have taken it unheard.
    const key = createHash('sha256').update([id, at, text].join('\n')).digest('hex').slice(0, 32);
    const document = { version: 1, id: key, incident, workflow: `incident/${id}`, platform, at, text, run, links };
    return json(address, change ? { ...document, change } : document, {
      'idempotency-key': key,
      ...(token && { authorization: `Bearer ${await resolveSecret(token, `${place}.token`, variables)}` }),
    });
  };
  return { to: 'generic callback', message };
}

function json(url: string, body: object, headers: Record<string, string> = {}): Message {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

function wordsOf(letter: Letter): string {
  const links = linksOf(letter).map(([text, href]) => `${text}: ${href}`);
  return [`Rekindle: ${letter.text}`.slice(0, longestNote), ...links].join('\n');
}

function linksOf({ links, run = '' }: Letter): [text: string, href: string][] {
  if (!links) return [];
  return [['The incident', links.incident], ...(links.run ? ([[run, links.run]] as [string, string][]) : [])];
}

const base = (url: string) => url.replace(/\/+$/, '');
