import { useState } from 'preact/hooks';
import type { RouteName } from '../../api/routes.ts';
import type { Answer, RunDetails } from '../../api/types.ts';
import type { PendingDecision } from '../../domain/runs/progress.ts';
import { ask } from '../api/client.ts';
import { hrefOf } from '../route.ts';
import { Action } from './action.tsx';
import { Dialog } from './dialog.tsx';

/** The gateway's answer is the line that people see. */
async function say(route: RouteName, run: string, body: object): Promise<string> {
  return (await ask<Answer>(route, { run }, body)).answer;
}

export function Approve({ details: { progress, plan } }: { details: RunDetails }) {
  const { run, platform, planHash = plan?.hash ?? '' } = progress;
  return (
    <Action
      route="approve"
      look="danger"
      label="Approve…"
      dialog={(close) => (
        <Dialog
          title={`Approve the ${progress.kind} of ${platform}`}
          does="Approve this plan"
          danger
          typed={platform}
          close={close}
          act={(by) => say('approve', run, { ...by, planHash, platform })}
        >
          <p>
            You approve plan <code>{planHash.slice(0, 12)}</code>, as it is shown on the page, and no other.
          </p>
        </Dialog>
      )}
    />
  );
}

export function Reject({ run }: { run: string }) {
  return <Action route="reject" label="Reject…" dialog={(close) => <RejectDialog run={run} close={close} />} />;
}

function RejectDialog({ run, close }: { run: string; close: () => void }) {
  const [reason, setReason] = useState('');
  const act = (by: object) => say('reject', run, { ...by, ...(reason.trim() !== '' && { reason: reason.trim() }) });
  return (
    <Dialog title="Reject the plan" does="Reject" close={close} act={act}>
      <p>The run ends. Nothing was touched.</p>
      <label>
        Reason, for the report
        <input value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
      </label>
    </Dialog>
  );
}

const choiceWords = { retry: 'Retry', skip: 'Skip', abort: 'Abort', rollback: 'Roll back' };

export function Decide({ run, decision }: { run: string; decision: PendingDecision }) {
  return (
    <ul class="choices">
      {decision.choices.map(({ choice, meaning }) => (
        <li key={choice}>
          <Action
            route="decide"
            label={choiceWords[choice]}
            {...(choice === 'retry' && { look: 'primary' as const })}
            dialog={(close) => (
              <Dialog
                title={`${choiceWords[choice]}: ${decision.step}`}
                does={choiceWords[choice]}
                danger={choice !== 'retry'}
                close={close}
                act={(by) => say('decide', run, { ...by, step: decision.step, choice })}
              >
                <p>{meaning}</p>
              </Dialog>
            )}
          />
          <p>{meaning}</p>
        </li>
      ))}
    </ul>
  );
}

export function Cancel({ run, passed }: { run: string; passed: boolean }) {
  return (
    <Action
      route="cancel"
      label="Cancel…"
      dialog={(close) => (
        <Dialog title="Cancel the run" does="Cancel the run" danger close={close} act={(by) => say('cancel', run, by)}>
          <p>
            {passed
              ? 'It is past the point of no return: old data is set aside or removed. What was set aside can be rolled back.'
              : 'What was stopped is started again. No data has been moved.'}
          </p>
        </Dialog>
      )}
    />
  );
}

/** Opens the quarantine, where the way back can be watched. */
async function takeBack(restore: string, body: object): Promise<string> {
  const { answer, run } = await ask<Answer>('rollback', { run: restore }, body);
  if (run !== undefined) location.hash = hrefOf.run(run);
  return answer;
}

/** Of what a restore set aside: `run` is the restore. */
export function OldData({ run, platform }: { run: string; platform: string }) {
  return (
    <div class="buttons">
      <Action
        route="rollback"
        label="Roll back…"
        dialog={(close) => (
          <Dialog
            title={`Roll ${platform} back`}
            does="Bring the old data back"
            danger
            typed={platform}
            close={close}
            act={(by) => takeBack(run, by)}
          >
            <p>
              The platform is stopped and gets back the data that it had before the restore. What was written since the
              restore is lost.
            </p>
          </Dialog>
        )}
      />
      <Action
        route="release"
        label="Release…"
        dialog={(close) => (
          <Dialog
            title="Release the old data"
            does="Delete the old data"
            danger
            typed={platform}
            close={close}
            act={(by) => say('release', run, by)}
          >
            <p>What was set aside is deleted, and its space on the disk is free. There is no way back after that.</p>
          </Dialog>
        )}
      />
    </div>
  );
}
