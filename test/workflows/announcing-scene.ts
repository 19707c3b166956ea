import type { WorkflowHandle } from '@temporalio/client';
import type { Announces } from '../../domain/notifications/announcement.ts';
import type { Received } from '../receiver.ts';
import type { Announcing, AnnouncingOptions } from './announcing.ts';
import { refusal, type FakeOptions } from './fake-platform.ts';
import type { Scene } from './scene.ts';
import { waitFor } from '../wait-for.ts';

// Real webhooks on loopback, told by the real activity; the platform behind the workflows is a fake one.

export const everything: Announces = {
  events: ['failure', 'recovery', 'stale', 'waiting'],
  statsd: false,
  heartbeat: false,
};

export interface Fixtures {
  openScene: (options?: Partial<FakeOptions>) => Promise<Scene>;
  openAnnouncing: (options?: AnnouncingOptions) => Promise<Announcing>;
}

export async function openTold(
  { openScene, openAnnouncing }: Fixtures,
  { answers, more, policy, overrides, ...fake }: AnnouncingOptions & Partial<FakeOptions> = {},
): Promise<Scene & { told: Announcing }> {
  const told = await openAnnouncing({ answers, more });
  const scene = await openScene({
    platform: told.platform,
    ...fake,
    policy: { announces: everything, ...policy },
    overrides: (own) => ({
      ...told.activities,
      ...(typeof overrides === 'function' ? overrides(own) : overrides),
    }),
  });
  return { ...scene, told };
}

export const failingSnapshot = (what: string) => {
  if (what === 'takeSnapshot documents') throw refusal('SnapshotPartial', 'shard 2 of nuvla-job failed');
  return undefined;
};
export const documents = (received: Received[] | undefined) => (received ?? []).map(({ json }) => json);
export const tells = async (handle: WorkflowHandle) => {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'announce',
  ).length;
};
export const arrived = (received: Received[], count: number) =>
  waitFor(() => expect(received.length).toBeGreaterThanOrEqual(count), { timeout: 15_000, interval: 25 });
