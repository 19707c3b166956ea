import type { NotificationEvent } from '../../platform.ts';
import type { NotificationDocument } from '../notification-document.ts';
import { detailsOf, titleOf } from '../notification-text.ts';
import { cut } from './cut.ts';

/** Of text in an attachment or a block. */
const longestText = 3000;
const longestTitle = 150;

const colours: Record<NotificationEvent, string> = {
  failure: '#c62828',
  stale: '#c62828',
  waiting: '#ef6c00',
  recovery: '#2e7d32',
  readiness: '#ef6c00',
};

export interface SlackMessage {
  text: string;
  mrkdwn: false;
  attachments: { color: string; fallback: string; title: string; title_link?: string; text: string; mrkdwn_in: [] }[];
}

/**
 * An incoming webhook's message for Slack, Mattermost and Rocket.Chat. Attachments are what all three show; blocks are
 * known to Slack alone. Names with underscores stay as they are: Slack is asked not to read them as markup.
 */
export function slackMessage(document: NotificationDocument): SlackMessage {
  const { event, text, links } = document;
  const link = links?.page ?? links?.run;
  const title = plain(cut(titleOf(document), longestTitle));
  return {
    text: plain(text),
    mrkdwn: false,
    attachments: [
      {
        color: colours[document.readiness?.verdict === 'ready' ? 'recovery' : event],
        fallback: title,
        title,
        ...(link !== undefined && { title_link: link }),
        text: plain(cut(detailsOf(document).join('\n'), longestText)),
        mrkdwn_in: [],
      },
    ],
  };
}

/** Without what would ring a whole room (`<!channel>`, `@all`) or turn words into a link. */
function plain(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/@(?=(all|channel|everyone|here)\b)/gi, '@\u200B');
}
