import { useState } from 'preact/hooks';
import type { PlatformDetails, Started } from '../../api/types.ts';
import type { RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import { ask } from '../api/client.ts';
import { Time } from '../parts/time.tsx';
import { hrefOf } from '../route.ts';
import { Action } from './action.tsx';
import { Dialog } from './dialog.tsx';

/** Opens the run that was started, where it can be watched and answered. */
function open({ run }: Started): undefined {
  location.hash = hrefOf.run(run);
  return undefined;
}

export function BackUp({ platform }: { platform: string }) {
  return (
    <Action
      route="startBackup"
      label="Back up now"
      dialog={(close) => (
        <Dialog
          title={`Back up ${platform} now`}
          does="Back up"
          close={close}
          act={async (by) => open(await ask<Started>('startBackup', { platform }, by))}
        >
          <p>Nothing is stopped. The recovery point counts when it has been verified.</p>
        </Dialog>
      )}
    />
  );
}

export function Rehearse({ platform }: { platform: string }) {
  return (
    <Action
      route="startDrill"
      label="Drill now"
      dialog={(close) => (
        <Dialog
          title={`Rehearse a restore of ${platform}`}
          does="Rehearse"
          close={close}
          act={async (by) => open(await ask<Started>('startDrill', { platform }, by))}
        >
          <p>
            The newest good recovery point is restored next to the platform, checked, and taken down again; where not
            all of it fits, a part, of the point whose proof is under way. Nothing of the platform is stopped.
          </p>
        </Dialog>
      )}
    />
  );
}

/** `point` absent: the newest good or newest proven one. */
export function Restore({ details, point }: { details: PlatformDetails; point?: RecoveryPointSummary }) {
  const small = point && { look: 'small' as const, object: `${details.platform} to ${point.id}` };
  return (
    <Action
      route="startRestore"
      label="Restore…"
      {...(small ?? { look: 'primary' })}
      dialog={(close) => <RestoreDialog details={details} point={point} close={close} />}
    />
  );
}

function RestoreDialog({
  details: { platform, newestGood, newestProven, runs, approval },
  point,
  close,
}: {
  details: PlatformDetails;
  point: RecoveryPointSummary | undefined;
  close: () => void;
}) {
  const [chosen, choose] = useState(point?.id ?? newestGood?.id);
  const [beside, setBeside] = useState(false);
  const [removes, setRemoves] = useState(false);
  const [cancels, setCancels] = useState(false);
  const backs = 'value' in runs && runs.value.some(({ kind }) => kind === 'backup');
  const offers = point
    ? [{ ...point, what: point.suspect ? 'suspect: it may hold less than it should' : 'the one you chose' }]
    : [
        newestGood && { ...newestGood, what: 'newest good' },
        newestProven && { ...newestProven, what: 'newest proven' },
      ];
  const others = offers.filter((one) => one !== undefined);
  return (
    <Dialog
      title={`Restore ${platform}`}
      does={approval.required ? 'Make the plan' : 'Restore at once'}
      {...(!approval.required && { danger: true, typed: platform })}
      ready={chosen !== undefined}
      close={close}
      act={async (by) =>
        open(
          await ask<Started>(
            'startRestore',
            { platform },
            {
              ...by,
              point: chosen,
              ...(beside ? { beside } : removes && { volumes: 'remove' }),
              ...(cancels && { runningBackup: 'cancel' }),
            },
          ),
        )
      }
    >
      <p>
        {approval.required
          ? 'This makes the plan and waits: nothing is stopped before it is approved.'
          : 'The platform file asks for no approval: the restore begins at once.'}
      </p>
      <fieldset>
        <legend>Recovery point</legend>
        {others.map(({ id, startedAt, what }, index) => (
          <label key={index} class="choice">
            <input type="radio" name="point" checked={chosen === id} onChange={() => choose(id)} />
            <span>
              <Time at={startedAt} /> <small>{what}</small>
            </span>
          </label>
        ))}
        {others.length === 0 && <p>There is no good recovery point. Choose another one from the list.</p>}
      </fieldset>
      <fieldset>
        <legend>Where it is restored</legend>
        <label class="choice">
          <input type="radio" name="where" checked={!beside} onChange={() => setBeside(false)} />
          <span>In place: the platform stops first</span>
        </label>
        <label class="choice">
          <input type="radio" name="where" checked={beside} onChange={() => setBeside(true)} />
          <span>
            Next to the platform, which serves until the swap{' '}
            <small>needs memory and disk; old data is set aside</small>
          </span>
        </label>
      </fieldset>
      <fieldset disabled={beside}>
        <legend>Old data</legend>
        <label class="choice">
          <input type="radio" name="old" checked={beside || !removes} onChange={() => setRemoves(false)} />
          <span>Set aside, so that a rollback can bring it back</span>
        </label>
        <label class="choice">
          <input type="radio" name="old" checked={!beside && removes} onChange={() => setRemoves(true)} />
          <span>Remove at once: there is no way back</span>
        </label>
      </fieldset>
      {backs && (
        <label class="choice">
          <input
            type="checkbox"
            checked={cancels}
            onChange={({ currentTarget }) => setCancels(currentTarget.checked)}
          />
          <span>Cancel the backup that runs; else the restore waits for it</span>
        </label>
      )}
    </Dialog>
  );
}
