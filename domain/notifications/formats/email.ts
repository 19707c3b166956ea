import type { NotificationDocument } from '../notification-document.ts';
import { detailsOf, titleOf } from '../notification-text.ts';
import { cut } from './cut.ts';

/** Longer subjects are cut off by those who show them. */
const longestSubject = 150;

/** A mail without its addresses. */
export interface MailText {
  messageId: string;
  subject: string;
  text: string;
}

/** Equal documents have equal Message-IDs: mailboxes then show a repeated one once. `from` names the domain. */
export function mailOf(document: NotificationDocument, from: string): MailText {
  const { id, text, links } = document;
  const pages = [
    ...(links?.page === undefined ? [] : [`See and answer: ${links.page}`]),
    ...(links?.run === undefined ? [] : [`In Temporal: ${links.run}`]),
  ];
  return {
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    subject: header(cut(titleOf(document), longestSubject)),
    text: [text, detailsOf(document).join('\n'), pages.join('\n')].filter((part) => part !== '').join('\n\n'),
  };
}

/** On one line: a line break in a header would begin the next one. */
function header(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
