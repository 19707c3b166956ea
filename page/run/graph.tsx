import { useMemo } from 'preact/hooks';
import { graphOf } from '../../drawing/graph.ts';
import { layOut, lineWords, textSizes, type PlacedStep } from '../../drawing/layout.ts';
import { markPaths, markSize, warningPath } from '../../drawing/marks.ts';
import { shorten } from '../../drawing/text.ts';
import { inWords, legendOf, stateWords } from '../../drawing/words.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { StepState } from '../../domain/runs/progress.ts';
import { Section } from '../parts/section.tsx';

/** What waits for what. The steps stand as a list beside it; this is for those who see. `states` empty: a plan, not yet a run. */
export function Graph({ plan, states }: { plan: Plan; states: readonly StepState[] }) {
  const runs = states.length > 0;
  // Places depend on the plan alone: nothing jumps while it runs.
  const layout = useMemo(() => layOut(graphOf(plan), { details: runs }), [plan.hash, runs]);
  const graph = graphOf(plan, states);
  const stepOf = new Map(graph.steps.map((step) => [step.id, step]));
  const { width, height, line, edges, frames, joints } = layout;
  const jointNames = new Set(graph.joints.map(({ id }) => id));
  return (
    <Section title="What waits for what" wide>
      {/* Scrolls sideways where it is too wide, also with the keyboard. */}
      <div class="graph" tabIndex={0} role="region" aria-label="Plan as a graph">
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={inWords(graph)}>
          <defs>
            <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path class="head" d="M0 .6L8 4L0 7.4Z" />
            </marker>
          </defs>
          {line && <path class="line" d={`M${line.from.x} ${line.from.y}L${line.to.x} ${line.to.y}`} />}
          {frames.map((area, index) => (
            <rect key={index} class="frame" {...area} rx="8" />
          ))}
          {edges.map(({ from, to, path }) => (
            <path
              key={`${from} ${to}`}
              class="edge"
              d={path}
              {...(!jointNames.has(to) && { 'marker-end': 'url(#arrow)' })}
            />
          ))}
          {joints.map(({ x, y }, index) => (
            <circle key={index} class="joint" cx={x} cy={y} r="3" />
          ))}
          {layout.steps.map((placed) => (
            <Box
              key={placed.step.id}
              number={graph.steps.findIndex(({ id }) => id === placed.step.id) + 1}
              placed={{ ...placed, step: stepOf.get(placed.step.id) ?? placed.step }}
            />
          ))}
          {line && (
            <text class="words" x={line.words.x} y={line.words.y + textSizes.font}>
              {lineWords}
            </text>
          )}
        </svg>
      </div>
      <ul class="legend">
        {legendOf(graph).map(({ sign, words }) => (
          <li key={sign} class={sign}>
            {words}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Box({ number, placed }: { number: number; placed: PlacedStep }) {
  const { step, lines, x, y, width, height } = placed;
  const { state, destructive, side, title } = step;
  const { font, line, paddingX, paddingY, mark, detailFont, detailLine } = textSizes;
  const left = x + paddingX + mark;
  const baseline = y + paddingY + font;
  const classes = [state?.status ?? 'planned', destructive ? 'moves' : '', side === 'either' ? 'either' : ''];
  return (
    <g class={`box ${classes.join(' ')}`}>
      <title>{state ? `${title}: ${stateWords(state)}` : title}</title>
      <rect x={x} y={y} width={width} height={height} rx="5" />
      {state ? (
        <path
          class="mark"
          transform={`translate(${x + paddingX - 2} ${y + paddingY + 3})`}
          d={markPaths[state.status]}
        />
      ) : (
        <text class="number" x={left - 7} y={baseline}>
          {number}
        </text>
      )}
      {lines.map((words, row) => (
        <text key={row} x={left} y={baseline + row * line}>
          {words}
        </text>
      ))}
      {state && (
        <text class="detail" x={left} y={baseline + (lines.length - 1) * line + detailLine}>
          {shorten(stateWords(state), width - mark - 2 * paddingX, detailFont)}
        </text>
      )}
      {destructive && (
        <path
          class="warning"
          transform={`translate(${x + width - markSize - 3} ${y - markSize / 2})`}
          d={warningPath}
        />
      )}
    </g>
  );
}
