import { mailOf } from '../../../domain/notifications/formats/email.ts';
import { pagerEvent } from '../../../domain/notifications/formats/pagerduty.ts';
import { slackMessage } from '../../../domain/notifications/formats/slack.ts';
import { teamsMessage } from '../../../domain/notifications/formats/teams.ts';
import type { Announcement } from '../../../domain/notifications/announcement.ts';
import type { NotificationDocument } from '../../../domain/notifications/notification-document.ts';
import { bad, end, partial, told, times } from './notification-samples.ts';

const of = (announcement: Announcement, failedBefore?: Parameters<typeof told>[1]): NotificationDocument => ({
  ...told(announcement, failedBefore)!,
  id: '0'.repeat(32),
});
const restore = 'restore/nuvla/1';
const ended = (change: object) => end({ run: restore, kind: 'restore', ...change });
const waiting = of({
  what: 'waiting',
  run: restore,
  kind: 'restore',
  phase: 'waiting for approval',
  startedAt: times.startedAt,
  since: times.finishedAt,
  startedBy: { how: 'incident', name: 'incident/pd-1' },
  waitsFor: {
    for: 'approval',
    planHash: 'c0ffee',
    summary: ['Stopped: api, job_executor', 'Set aside: es_data'],
    approvers: [],
    approvalsNeeded: 1,
    approvedBy: [],
    until: '2026-11-22T09:30:42.000Z',
  },
});
const freshness = {
  what: 'freshness' as const,
  at: times.finishedAt,
  staleSince: times.startedAt,
  reminder: false,
  objectiveMinutes: 60,
};
const stale = of({ ...freshness, event: 'stale' });
const disk = { name: 'disk', evidence: '3 GB free, 9 GB needed', remedy: 'Make room' };
const notReady = {
  what: 'readiness' as const,
  at: times.finishedAt,
  verdict: 'not ready' as const,
  before: 'ready' as const,
  since: times.startedAt,
  unmet: [disk],
  nowUnmet: ['disk'],
  metAgain: [],
};
const ready = {
  ...notReady,
  verdict: 'ready' as const,
  before: 'not ready' as const,
  unmet: [],
  nowUnmet: [],
  metAgain: ['disk'],
};
const hostile = of(
  end({
    phase: 'failed',
    failure: { ...partial, message: `<!channel> @here ${'é😀'.repeat(40_000)}`, remedy: 'x'.repeat(90_000) },
  }),
);

describe('Slack, Mattermost, Rocket.Chat', () => {
  test('a text, and below it the plan, the answers and the link', () => {
    const { text, attachments } = slackMessage(waiting);
    expect(text).toContain('[nuvla] restore waits for one approval');
    expect(attachments).toHaveLength(1);
    expect(attachments[0]).toMatchObject({
      title: 'nuvla: restore waits for approval',
      title_link: `https://page.example/${restore}`,
    });
    expect(attachments[0]?.text.split('\n')).toEqual([
      'Stopped: api, job_executor',
      'Set aside: es_data',
      'To approve (the plan is carried out): rekindle approve restore/nuvla/1 --hash c0ffee',
      'To reject (the run ends, nothing is touched): rekindle reject restore/nuvla/1',
      `Run: ${restore}, started for incident/pd-1`,
    ]);
  });
  test('nobody is rung by what a failure quotes, and no limit is passed', () => {
    const message = slackMessage(hostile);
    expect(JSON.stringify(message)).not.toMatch(/<!|@here/);
    expect(message.text).toContain('&lt;!channel&gt;');
    for (const { text, title } of message.attachments) {
      expect(text.length).toBeLessThanOrEqual(3000);
      expect(title.length).toBeLessThanOrEqual(150);
    }
  });
});

describe('Teams', () => {
  test('a card with the plan and a button', () => {
    const [card] = teamsMessage(waiting).attachments;
    expect(card?.contentType).toBe('application/vnd.microsoft.card.adaptive');
    const texts = card?.content.body.flatMap(({ inlines }) => inlines.map(({ text }) => text));
    expect(texts).toEqual(expect.arrayContaining(['nuvla: restore waits for approval', 'Set aside: es_data']));
    expect(card?.content.actions).toEqual([
      { type: 'Action.OpenUrl', title: 'Open in Rekindle', url: `https://page.example/${restore}` },
    ]);
  });
  test('no message is larger than Teams takes', () => {
    expect(Buffer.byteLength(JSON.stringify(teamsMessage(hostile)))).toBeLessThan(28_000);
  });
});

describe('PagerDuty', () => {
  test('an alert that waits for approval: what, where, how urgent, with links', () => {
    expect(pagerEvent(waiting, 'R0UT1NG')).toMatchObject({
      routing_key: 'R0UT1NG',
      event_action: 'trigger',
      dedup_key: `rekindle/nuvla/${restore}`,
      client_url: `https://page.example/${restore}`,
      links: [{ text: 'Rekindle' }, { href: `https://ui.example/${restore}`, text: 'Temporal' }],
      payload: {
        summary: expect.stringMatching(/^nuvla: restore waits for approval\. \[nuvla\] restore waits/) as string,
        source: 'nuvla',
        severity: 'critical',
        timestamp: times.finishedAt,
        component: 'restore',
        custom_details: { details: expect.arrayContaining(['Set aside: es_data']) as string[] },
      },
    });
  });

  const before = { run: 'backup/nuvla/0', finishedAt: '2026-11-21T08:30:10.000Z' };
  test.each<[string, NotificationDocument, NotificationDocument]>([
    ['a backup that failed, by the next good one', of(bad), of(end(), before)],
    ['stale points, by fresh ones', stale, of({ ...freshness, event: 'recovery' })],
    ['a platform that is not ready, by one that is', of(notReady), of(ready)],
    ['a restore that waits, by its good end', waiting, of(ended({ waited: true }))],
    [
      'a restore that waits, by its rejection',
      waiting,
      of(ended({ phase: 'refused', waited: true, failure: { ...partial, kind: 'Rejected' } })),
    ],
    ['a restore that waits, by its cancellation', waiting, of(ended({ phase: 'cancelled', waited: true }))],
  ])('resolves %s', (_what, trigger, resolve) => {
    expect(pagerEvent(trigger, 'r').event_action).toBe('trigger');
    expect(pagerEvent(resolve, 'r')).toMatchObject({
      event_action: 'resolve',
      dedup_key: pagerEvent(trigger, 'r').dedup_key,
    });
  });

  test('different occasions are different alerts', () => {
    const keys = [
      of(bad),
      stale,
      waiting,
      of(ended({ run: 'restore/nuvla/2', phase: 'failed', failure: partial })),
    ].map((document) => pagerEvent(document, 'r').dedup_key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each([
    ['critical', of(ended({ phase: 'failed', failure: partial }))],
    ['error', of(bad)],
    ['error', stale],
    ['warning', of(end({ kind: 'prune', phase: 'failed', failure: partial }))],
  ])('is %s', (severity, document) => expect(pagerEvent(document, 'r').payload?.severity).toBe(severity));

  test('no field is longer than PagerDuty takes', () => {
    const event = pagerEvent({ ...hostile, run: { ...hostile.run!, kind: 'restore', id: 'r'.repeat(2000) } }, 'r');
    expect(event.dedup_key.length).toBeLessThanOrEqual(255);
    expect(event.payload?.summary.length).toBeLessThanOrEqual(1024);
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(512_000);
  });
});

describe('a mail', () => {
  test('has a subject, the text, the plan and the links, and an id of its own', () => {
    const mail = mailOf(waiting, 'rekindle@ops.example.org');
    expect(mail).toMatchObject({
      subject: 'nuvla: restore waits for approval',
      messageId: `<${'0'.repeat(32)}@ops.example.org>`,
    });
    expect(mail.text.split('\n')).toEqual(
      expect.arrayContaining(['Set aside: es_data', `See and answer: https://page.example/${restore}`]),
    );
    expect(mail.text).toContain(waiting.text);
  });
  test('has one subject line, whatever a platform is called', () => {
    const { subject } = mailOf(
      { ...waiting, platform: `a\r\nBcc: eve@example.org\u2028${'x'.repeat(500)}` },
      'a@b.org',
    );
    expect(subject).not.toMatch(/[\r\n\u2028]/);
    expect(subject.length).toBeLessThanOrEqual(150);
  });
});
