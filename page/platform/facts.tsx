import type { ComponentChildren } from 'preact';
import type { PlatformDetails, PointBrief } from '../../api/types.ts';
import { useNow } from '../api/hooks.ts';
import { Bar } from '../parts/bar.tsx';
import { Notice } from '../parts/notice.tsx';
import { usedOf } from '../parts/objective.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { Away, Time } from '../parts/time.tsx';
import { lasting } from '../parts/times.ts';
import { readinessWords } from '../parts/tones.ts';
import { absentWord } from '../platforms/urgency.ts';
import { hrefOf } from '../route.ts';
import { remarksOf } from './remarks.ts';

export function Facts({ details }: { details: PlatformDetails }) {
  return (
    <>
      <Objectives details={details} />
      <Remarks details={details} />
    </>
  );
}

function Remarks({ details }: { details: PlatformDetails }) {
  const now = useNow(60_000);
  return (
    <>
      {remarksOf(details, now).map(({ tone, message, remedy }) => (
        <Notice key={message} tone={tone} message={message} remedy={remedy} />
      ))}
    </>
  );
}

/** What there is, against its objectives. */
function Objectives({ details }: { details: PlatformDetails }) {
  const { newestGood, newestProven, lastRestore, nextBackupAt, recoveryPoints, suspectPoints = 0, host } = details;
  const absent = absentWord(details, 'none');
  const rto = details.recoveryTimeObjectiveSeconds;
  const used = lastRestore?.phase === 'passed' ? usedOf(lastRestore.durationSeconds, rto) : undefined;
  return (
    <dl class="facts">
      <Readiness details={details} />
      <Fact title="Newest good point">
        <Point point={newestGood} objective={details.recoveryPointObjectiveSeconds} absent={absent} />
      </Fact>
      <Fact title="Newest proven">
        <Point point={newestProven} absent={absent} />
      </Fact>
      <Fact title="Last restore">
        {lastRestore ? (
          <a href={hrefOf.run(lastRestore.run)}>
            {lastRestore.phase} in {lasting(lastRestore.durationSeconds)}
          </a>
        ) : (
          absentWord(details, 'never')
        )}
        {rto !== undefined && <small> RTO {lasting(rto)}</small>}
        {used && <Bar {...used} />}
        {lastRestore && (
          <small class="below">
            <Time at={lastRestore.finishedAt} />
          </small>
        )}
      </Fact>
      <LastDrill details={details} />
      <Fact title="Next backup">
        {nextBackupAt ? (
          <>
            <Away at={nextBackupAt} />
            <small class="below">
              <Time at={nextBackupAt} />
            </small>
          </>
        ) : (
          'none planned'
        )}
      </Fact>
      <Fact title="Recovery points">
        {recoveryPoints === undefined ? 'not known' : `${recoveryPoints} good`}
        {suspectPoints > 0 && <small class="warn">, {suspectPoints} suspect</small>}
        {host !== undefined && <small class="below">on {host}</small>}
      </Fact>
    </dl>
  );
}

/** The newest that passed, of all of a point or of a part, against how often one is wanted. */
function LastDrill({ details }: { details: PlatformDetails }) {
  const now = useNow(60_000);
  const { lastDrill, drillObjectiveSeconds: objective } = details;
  const used = lastDrill && usedOf((now - Date.parse(lastDrill.finishedAt)) / 1000, objective);
  return (
    <Fact title="Last drill that passed">
      {lastDrill ? (
        <a href={hrefOf.run(lastDrill.run)}>
          <Away at={lastDrill.finishedAt} />
        </a>
      ) : (
        absentWord(details, 'never')
      )}
      {objective !== undefined && <small> objective {Number((objective / 86_400).toFixed(1))} d</small>}
      {used && <Bar {...used} />}
      {lastDrill && (
        <small class="below">
          <Time at={lastDrill.finishedAt} />
        </small>
      )}
    </Fact>
  );
}

/** The standing answer; what is not met is named above, with what to do. */
function Readiness({ details: { readiness } }: { details: PlatformDetails }) {
  if (readiness === undefined) return null;
  const { verdict, since, at, unmet, forecast } = readiness;
  return (
    <Fact title="Could it be restored?">
      <StateMark {...readinessWords[verdict]} />
      {unmet.length > 0 && <small class="warn"> {unmet.map(({ name }) => name).join(', ')}</small>}
      <small class="below">
        since <Time at={since} />
      </small>
      <small class="below">
        evaluated <Away at={at} />
      </small>
      {forecast && (
        <small class="below">
          would take about {lasting(forecast.downtimeSeconds)}, {forecast.basis}
        </small>
      )}
    </Fact>
  );
}

function Fact({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Point({
  point,
  objective,
  absent,
}: {
  point: PointBrief | undefined;
  objective?: number | undefined;
  absent: string;
}) {
  const now = useNow(10_000);
  if (point === undefined) return <>{absent}</>;
  const used = usedOf((now - Date.parse(point.startedAt)) / 1000, objective);
  return (
    <>
      <Away at={point.startedAt} />
      {objective !== undefined && <small> RPO {lasting(objective)}</small>}
      {used && <Bar {...used} />}
      <small class="below">
        <Time at={point.startedAt} />
      </small>
    </>
  );
}
