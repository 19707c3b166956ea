import type { NotificationEvent } from '../../platform.ts';
import type { NotificationDocument } from '../notification-document.ts';
import { detailsOf, titleOf } from '../notification-text.ts';
import { cut } from './cut.ts';

/** The whole message may have 28 KB; four bytes for a character, and room for what surrounds it. */
const longestDetails = 5000;

const colours: Record<NotificationEvent, 'Attention' | 'Warning' | 'Good'> = {
  failure: 'Attention',
  stale: 'Attention',
  waiting: 'Warning',
  recovery: 'Good',
  readiness: 'Warning',
};

interface RichText {
  type: 'RichTextBlock';
  inlines: { type: 'TextRun'; text: string; weight?: 'Bolder'; size?: 'Medium'; color?: string }[];
}

export interface TeamsMessage {
  type: 'message';
  attachments: {
    contentType: 'application/vnd.microsoft.card.adaptive';
    contentUrl: null;
    content: {
      $schema: string;
      type: 'AdaptiveCard';
      version: '1.4';
      body: RichText[];
      actions: { type: 'Action.OpenUrl'; title: string; url: string }[];
    };
  }[];
}

/** An Adaptive Card for a workflow's webhook. Rich text shows names as they are; a text block would read them as Markdown. */
export function teamsMessage(document: NotificationDocument): TeamsMessage {
  const { event, text, links } = document;
  const colour = colours[document.readiness?.verdict === 'ready' ? 'recovery' : event];
  const line = (run: RichText['inlines'][number]): RichText => ({ type: 'RichTextBlock', inlines: [run] });
  const details = cut(detailsOf(document).join('\n'), longestDetails).split('\n');
  const link = links?.page ?? links?.run;
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            line({ type: 'TextRun', text: titleOf(document), weight: 'Bolder', size: 'Medium', color: colour }),
            line({ type: 'TextRun', text }),
            ...details.filter((each) => each !== '').map((each) => line({ type: 'TextRun', text: each })),
          ],
          actions: link === undefined ? [] : [{ type: 'Action.OpenUrl', title: 'Open in Rekindle', url: link }],
        },
      },
    ],
  };
}
