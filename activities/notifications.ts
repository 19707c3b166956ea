import { Context } from '@temporalio/activity';
import type { AnnounceCall } from '../domain/notifications/announcement.ts';
import type { FreshnessCall } from '../domain/status/freshness.ts';
import { announce, type Settled } from '../operations/notify/announce.ts';
import { judgeFreshness } from '../operations/notify/judge-freshness.ts';
import type { Dependencies } from '../operations/open-platform.ts';
import { activity } from './activity.ts';
import { failedBackups } from './temporal-runs.ts';

export function notificationActivities(dependencies: Dependencies) {
  return {
    announce: activity((call: AnnounceCall, watch) => {
      const before = Context.current().info.heartbeatDetails as Settled | undefined;
      return announce(dependencies, call, { before, isLast: isLastAttempt(), failedBackups }, watch);
    }),
    judgeFreshness: activity((call: FreshnessCall) => judgeFreshness(dependencies, call)),
  };
}

function isLastAttempt(): boolean {
  const { attempt, retryPolicy } = Context.current().info;
  return retryPolicy?.maximumAttempts !== undefined && attempt >= retryPolicy.maximumAttempts;
}
