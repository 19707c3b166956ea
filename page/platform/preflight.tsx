import { useState } from 'preact/hooks';
import { routes } from '../../api/routes.ts';
import type { Assessment } from '../../api/types.ts';
import { ask, type Refused } from '../api/client.ts';
import { rememberedName, useSession, useWhyNot } from '../api/session.ts';
import { announce } from '../parts/announce.tsx';
import { Checks } from '../parts/check-list.tsx';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/section.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Time } from '../parts/time.tsx';
import { lasting } from '../parts/times.ts';
import { verdictWords } from '../parts/tones.ts';

/** Kept while this page is open: a check takes a while, and people go back and forth. */
const lastOf = new Map<string, Assessment>();

export function Preflight({ platform }: { platform: string }) {
  const [last, setLast] = useState(lastOf.get(platform));
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const whyNot = useWhyNot(routes.check.role);
  const { caller } = useSession();

  const check = async () => {
    setBusy(true);
    setRefused(undefined);
    const by = caller?.method === 'none' ? { by: rememberedName() || 'somebody on the page' } : {};
    try {
      const found = await ask<Assessment>('check', { platform }, by);
      lastOf.set(platform, found);
      setLast(found);
      announce(`Preflight of ${platform}: ${found.verdict}`);
    } catch (error) {
      setRefused(error as Refused);
    }
    setBusy(false);
  };
  const button = (
    <button type="button" class="small" disabled={busy} onClick={() => void check()}>
      {busy ? 'Checking…' : 'Check now'}
    </button>
  );
  return (
    <Section
      title="Could it be restored now?"
      aside={whyNot === undefined ? button : <span class="not-for">Check: {whyNot}</span>}
    >
      {refused && <Notice message={refused.message} remedy={refused.remedy} />}
      {last ? (
        <Found assessment={last} />
      ) : (
        <p class="dim">{busy ? 'It takes a minute or so' : 'Not checked yet on this page'}</p>
      )}
    </Section>
  );
}

function Found({ assessment: { at, verdict, checks, plan, forecast } }: { assessment: Assessment }) {
  return (
    <>
      <p class="line">
        <StateMark {...verdictWords[verdict]} /> <Time at={at} />
        {forecast && <span> · would take about {lasting(forecast.downtimeSeconds)}</span>}
        {plan && <span> · {plan.steps.length} steps</span>}
      </p>
      <Checks checks={checks} />
    </>
  );
}
