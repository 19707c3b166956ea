import type { IncidentState } from '../../domain/incidents/incident.ts';
import { useAsked, useFollowed } from '../api/hooks.ts';
import { Checks } from '../parts/check-list.tsx';
import { Loaded } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/section.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Time } from '../parts/time.tsx';
import { lasting } from '../parts/times.ts';
import { phaseWord, verdictWords } from '../parts/tones.ts';
import { hrefOf } from '../route.ts';
import { safeLink } from './safe-link.ts';
import { incidentWord } from './words.ts';

/** All incidents are followed, as they have one topic; this one is picked out, or asked for when it is old. */
export function Incident({ id }: { id: string }) {
  const all = useFollowed<IncidentState[]>({ topic: 'incidents', route: 'incidents' });
  const listed = all.data?.find((incident) => incident.id === id);
  return (
    <main id="main" tabIndex={-1}>
      {listed ? (
        <Shown incident={listed} />
      ) : (
        <Loaded of={all} what="the incident">
          {() => <Older id={id} />}
        </Loaded>
      )}
    </main>
  );
}

function Shown({ incident }: { incident: IncidentState }) {
  const { title, platform, source, rule, openedAt, acknowledgedAt, resolvedAt, run, preflight, story, told } = incident;
  const link = safeLink(incident.url);
  return (
    <>
      <div class="title">
        <h1>{title}</h1>
        <StateMark {...incidentWord(incident)} />
      </div>
      {run && (
        <ul class="now-runs">
          <li>
            <a href={hrefOf.run(run.id)} class={phaseWord(run.phase).tone}>
              <StateMark {...phaseWord(run.phase)} />
              <strong>{run.kind}</strong>
              <span class="go">{phaseWord(run.phase).tone === 'asks' ? 'Look at its plan →' : 'Look at it →'}</span>
            </a>
          </li>
        </ul>
      )}
      <dl class="facts">
        <div>
          <dt>Platform</dt>
          <dd>
            <a href={hrefOf.platform(platform)}>{platform}</a>
          </dd>
        </div>
        <div>
          <dt>From</dt>
          <dd>
            {link === undefined ? (
              source
            ) : (
              <a href={link} rel="noreferrer">
                {source}
              </a>
            )}
            <small class="below">rule {rule}</small>
          </dd>
        </div>
        <div>
          <dt>Opened</dt>
          <dd>
            <Time at={openedAt} />
          </dd>
        </div>
        {acknowledgedAt !== undefined && (
          <div>
            <dt>Acknowledged</dt>
            <dd>
              <Time at={acknowledgedAt} />
            </dd>
          </div>
        )}
        {resolvedAt !== undefined && (
          <div>
            <dt>Resolved</dt>
            <dd>
              <Time at={resolvedAt} />
            </dd>
          </div>
        )}
      </dl>
      <div class="panels">
        {preflight && (
          <Section title="Could it be restored?">
            <p class="line">
              <StateMark {...verdictWords[preflight.verdict]} /> <Time at={preflight.at} />
              {preflight.forecast && <span> · would take about {lasting(preflight.forecast.downtimeSeconds)}</span>}
            </p>
            <Checks checks={preflight.checks} />
          </Section>
        )}
        <Section title="What happened">
          <ol class="story">
            {story.map(({ at, text }, index) => (
              <li key={index}>
                <Time at={at} /> {text}
              </li>
            ))}
          </ol>
        </Section>
        <Section title={`Reported back to ${source}`}>
          {told.length === 0 ? (
            <p class="dim">Nothing yet</p>
          ) : (
            <ol class="story">
              {told.map(({ at, to, text, trouble }, index) => (
                <li key={index}>
                  <Time at={at} /> {to}: {text}
                  {trouble !== undefined && <Notice tone="warn" message={trouble} />}
                </li>
              ))}
            </ol>
          )}
        </Section>
      </div>
    </>
  );
}

function Older({ id }: { id: string }) {
  const asked = useAsked<IncidentState>('incident', { incident: id });
  return (
    <Loaded of={asked} what="the incident">
      {(incident) => <Shown incident={incident} />}
    </Loaded>
  );
}
