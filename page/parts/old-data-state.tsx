import type { QuarantineState } from '../../domain/runs/progress.ts';
import { bytes } from '../../domain/units.ts';
import { Away, Time } from './time.tsx';

export function OldDataState({ state: { volumes, bytes: size, releaseAt } }: { state: QuarantineState }) {
  return (
    <p>
      {volumes.join(', ')}
      {size !== undefined && ` (${bytes(size)})`}
      <br />
      {releaseAt === undefined ? (
        'Kept until somebody decides'
      ) : (
        <>
          Deleted{' '}
          <strong>
            <Away at={releaseAt} />
          </strong>
          , <Time at={releaseAt} />
        </>
      )}
    </p>
  );
}
