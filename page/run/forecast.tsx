import type { RunProgress } from '../../domain/runs/progress.ts';
import type { Forecast as Figures, LostData, LostOperations } from '../../domain/runs/forecast.ts';
import { Section } from '../parts/section.tsx';
import { Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { lasting } from '../parts/times.ts';
import { lossOf, operationsWords } from './loss.ts';

export function Forecast({ forecast, point }: { forecast: Figures; point: RunProgress['recoveryPoint'] }) {
  return (
    <Section title="Forecast">
      <dl class="facts small">
        <div>
          <dt>Downtime</dt>
          <dd>
            about {lasting(forecast.downtimeSeconds)}
            <small class="below">{forecast.basis}</small>
            {forecast.parts?.map(({ part, seconds, from }) => (
              <small class="below" key={part}>
                {part} {lasting(seconds)}
                {from.includes('guess') && ', a guess'}
              </small>
            ))}
          </dd>
        </div>
        {point && (
          <div>
            <dt>Data as of</dt>
            <dd>
              <Time at={point.startedAt} />
              <small class="below">{point.adopted ? 'adopted: its counts are not known' : point.id}</small>
            </dd>
          </div>
        )}
      </dl>
      {forecast.lost.map((lost) => (
        <Lost key={lost.store} lost={lost} />
      ))}
    </Section>
  );
}

function Lost({ lost }: { lost: LostData }) {
  const { store, since, indices = [], others } = lost;
  const rows: LostOperations[] = [
    ...indices,
    ...(others ? [{ ...others, index: `${others.indices} other indices` }] : []),
  ];
  return (
    <>
      <p>
        Lost in {store} since <Time at={since} />:{' '}
        <strong>{lossOf(lost) ?? 'unknown, as it does not answer: everything that was written'}</strong>
      </p>
      {rows.length > 0 && (
        <details open={rows.length <= 5}>
          <summary>By index</summary>
          <Table
            caption={`What ${store} loses, by index`}
            rows={rows}
            keyOf={({ index }) => index}
            columns={[
              { title: 'Index', cell: ({ index }) => index },
              { title: 'Lost', figure: true, cell: operationsWords },
              { title: 'Note', cell: ({ note }) => note ?? '' },
            ]}
          />
        </details>
      )}
    </>
  );
}
