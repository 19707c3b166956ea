import type { RunDetails } from '../../api/types.ts';
import { waitsForPerson } from '../../domain/runs/progress.ts';
import { Notice } from '../parts/notice.tsx';
import { Time } from '../parts/time.tsx';
import { isOpen } from './summary.ts';

/** All that is wrong or to be known, the worst first. */
export function Notes({ details }: { details: RunDetails }) {
  const { progress, silent, cutOff, pending } = details;
  const { failure, obstacle, note, notes = [] } = progress;
  const retried = pending.filter(({ lastFailure }) => lastFailure !== undefined);
  return (
    <>
      {silent !== undefined && isOpen(details) && (
        <Notice
          message={`Nobody is working on it: ${silent}`}
          remedy="Start a worker: the run goes on where it stands"
        />
      )}
      {cutOff && (
        <Notice
          message="It was terminated in Temporal, so nothing was undone, and its last state stands here"
          remedy="Look at the platform before anything else is started on it"
        />
      )}
      {failure && <Notice message={failure.message} remedy={failure.remedy} />}
      {obstacle && (
        <Notice tone="warn" message={obstacle.failure.message} remedy={obstacle.failure.remedy}>
          <p class="dim">
            Since <Time at={obstacle.since} />; tried again <Time at={obstacle.nextTryAt} />
          </p>
        </Notice>
      )}
      {retried.map(({ step, title, attempt, maximumAttempts, lastFailure }) => (
        <Notice
          key={step}
          tone="warn"
          message={`${title} failed and is tried again (attempt ${attempt}${maximumAttempts > 0 ? ` of ${maximumAttempts}` : ''}): ${lastFailure}`}
        />
      ))}
      {/* Of what it waits for, the question to the person says more. */}
      {note !== undefined && !waitsForPerson(progress) && <p class="note">{note}</p>}
      {notes.map((text) => (
        <Notice key={text} tone="warn" message={text} />
      ))}
    </>
  );
}
