import type { QuarantineSeen } from '../../domain/runs/quarantine-seen.ts';
import { obstacleWords } from './progress-head.ts';
import { table } from './table.ts';
import { bytes } from '../../domain/units.ts';

/** What is kept, how large, until when, and the two commands that end it. */
export function renderQuarantine(view: QuarantineSeen): string {
  const { run, platform, startedAt, phase, volumes, releaseAt } = view;
  const back = phase === 'rolled back';
  return [
    `${platform}: ${back ? 'what' : 'the old data that'} ${run} ${back ? 'had made, before it was rolled back' : 'set aside'}`,
    ...table(
      [
        ['since', startedAt],
        ['until', releaseAt ?? (phase === 'no worker answers' ? 'not known: no worker answers' : 'you decide')],
        ['size', view.bytes === undefined ? 'not known' : bytes(view.bytes)],
        ['volumes', volumes?.join(', ') ?? 'not known'],
        ...(view.obstacle ? [['trouble', obstacleWords(view.obstacle)]] : []),
        ...(phase === 'quarantined' || back || phase === 'no worker answers' ? [] : [['phase', phase]]),
      ],
      { indent: '  ' },
    ),
    ...(back ? [] : [`  rekindle rollback ${run}    # bring it back`]),
    `  rekindle release ${run}     # delete it for good`,
  ].join('\n');
}
