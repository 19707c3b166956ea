import { finalPhases, type QuarantineState, type RunProgress } from './progress.ts';

/** What is in quarantine and until when it is kept, in one sentence; undefined when nothing is. */
export function keptData({
  quarantine,
  phase,
  kind,
}: Pick<RunProgress, 'quarantine' | 'phase' | 'kind'>): string | undefined {
  if (quarantine === undefined || quarantine.volumes.length === 0 || phase === 'released') return undefined;
  const what = phase === 'rolled back' ? 'what the restore had made' : 'the old data';
  const working = kind !== 'quarantine' && !finalPhases.has(phase);
  const until = working ? 'at least until this run ends' : untilWords(quarantine);
  return `${what} is kept ${until}: ${quarantine.volumes.join(', ')}`;
}

function untilWords({ releaseAt }: QuarantineState): string {
  return releaseAt === undefined
    ? 'until you roll back or release it (no deadline)'
    : `until ${releaseAt}, then it is deleted`;
}
