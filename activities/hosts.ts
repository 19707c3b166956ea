import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { hostTaskQueue, type Environment } from '../config/environment.ts';
import type { Check } from '../domain/checks.ts';
import { ChecksFailed } from '../domain/checks-failed.ts';
import { Failure, isFailureKind } from '../domain/failures.ts';
import type { Bases } from '../domain/bases.ts';
import type { SwarmPlaces } from '../domain/swarm-places.ts';
import type { HostQuestion } from '../domain/runs/run.ts';
import { answer } from '../operations/hosts/answers.ts';
import type { AskElsewhere } from '../operations/hosts/questions.ts';
import type { Dependencies } from '../operations/open-platform.ts';
import { onPlatform } from './activity.ts';

/** Longer than every attempt of a question together; nobody waits for its answer any more. */
const endsWithin = '35 minutes';

/**
 * How work on one host asks another: by a workflow of its own, whose only activity is on that host's queue. Neither host
 * need reach the other.
 */
export function askThroughTemporal({ taskQueue }: Environment): AskElsewhere {
  return async <Answer>(
    {
      platform,
      host,
      question,
      asked,
      places,
      bases,
    }: { platform: string; host: string; question: string; asked: unknown; places?: SwarmPlaces; bases?: Bases },
    { signal }: { signal?: AbortSignal } = {},
  ) => {
    const { workflow } = Context.current().client;
    const input: HostQuestion = {
      platform,
      host,
      taskQueue: hostTaskQueue(taskQueue, host),
      question,
      asked,
      ...(places && { places }),
      ...(bases && { bases }),
    };
    const handle = await workflow.start('askHost', {
      taskQueue,
      workflowId: `ask/${platform}/${host}/${question}/${randomUUID()}`,
      workflowExecutionTimeout: endsWithin,
      args: [input],
      staticSummary: `${question} on ${host}, for ${platform}`,
    });
    const cancel = () => void handle.cancel().catch(() => undefined);
    const stop = signal ?? Context.current().cancellationSignal;
    stop.addEventListener('abort', cancel, { once: true });
    try {
      return (await handle.result()) as Answer;
    } catch (error) {
      stop.throwIfAborted();
      throw error instanceof WorkflowFailedError ? failureFrom(error, host) : error;
    } finally {
      stop.removeEventListener('abort', cancel);
    }
  };
}

/** As the other host threw it. */
function failureFrom({ cause }: WorkflowFailedError, host: string): Failure {
  if (!(cause instanceof ApplicationFailure))
    return new Failure('DockerUnreachable', {
      message: `The question to the worker of "${host}" was ended in Temporal`,
      remedy: 'Find out who ended it and why, then retry',
    });
  const [detail] = (cause.details ?? []) as [{ remedy?: string; checks?: Check[] }?];
  const type = cause.type ?? '';
  const kind = isFailureKind(type) ? type : 'Internal';
  const text = { message: cause.message, remedy: detail?.remedy ?? '' };
  return detail?.checks?.length ? new ChecksFailed(text.message, detail.checks, kind) : new Failure(kind, text);
}

export function hostActivities(dependencies: Dependencies) {
  return {
    /** What another host asks of this one; see operations/hosts/questions.ts. */
    answerHost: onPlatform(dependencies, (open, { question, asked }: HostQuestion, watch) =>
      answer(open, question, asked, watch),
    ),
  };
}
