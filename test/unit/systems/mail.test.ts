import { sendMail, type MailServerAccess } from '../../../systems/mail.ts';
import { useAtEnd } from '../../at-end.ts';
import { certificateFile, startSmtpServer, type SmtpOptions } from '../../smtp-server.ts';

const mail = {
  from: 'rekindle@example.org',
  to: ['ann@example.org', 'bob@example.org'],
  messageId: '<4711@example.org>',
  subject: 'nuvla: backup failed – shard 2',
  text: 'line one\n.line two begins with a dot\nCafé',
};
const atEnd = useAtEnd();

async function sent(options: SmtpOptions, access: Partial<MailServerAccess> = {}, message = mail) {
  const { port, mails } = await startSmtpServer(atEnd, options);
  const server: MailServerAccess = { host: '127.0.0.1', port, tls: options.tls, caFile: certificateFile, ...access };
  const receipt = await sendMail(server, message, new AbortController().signal);
  return { receipt, mails, port };
}

describe('a mail arrives', () => {
  test.each(['none', 'starttls', 'implicit'] as const)('over a connection with TLS %s', async (tls) => {
    const { receipt, mails } = await sent({ tls });
    expect(receipt).toEqual({ taken: true });
    expect(mails).toMatchObject([{ from: mail.from, to: mail.to, encrypted: tls !== 'none' }]);
    const { source = '' } = mails[0] ?? {};
    expect(source).toContain('Message-ID: <4711@example.org>');
    expect(source).toContain('Auto-Submitted: auto-generated');
    expect(source).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(source).toMatch(/^Content-Type: text\/plain; charset=utf-8/m);
  });

  test('with user and password, which travel encrypted', async () => {
    const login = { user: 'rekindle', password: 'hunter2' };
    const { receipt, mails } = await sent({ tls: 'starttls', login: 'rekindle:hunter2' }, { login });
    expect(receipt).toEqual({ taken: true });
    expect(mails).toMatchObject([{ login: 'rekindle', encrypted: true }]);
  });

  test('with one header for each, whatever the subject holds', async () => {
    const { mails } = await sent({ tls: 'none' }, {}, { ...mail, subject: 'a\r\nBcc: eve@example.org\r\n\r\nhello' });
    expect(mails[0]?.to).toEqual(mail.to);
    const [headers = ''] = (mails[0]?.source ?? '').split('\r\n\r\n');
    expect(headers).not.toMatch(/^Bcc:/m);
  });
});

describe('a mail that is not taken', () => {
  test.each<[string, SmtpOptions, Partial<MailServerAccess>, { why: string; again: boolean }]>([
    ['for good', { tls: 'none', mail: () => 554 }, {}, { why: 'it answered 554', again: false }],
    ['for now', { tls: 'none', mail: () => 451 }, {}, { why: 'it answered 451', again: true }],
    [
      'by one of two recipients: the other has it',
      { tls: 'none', recipient: (address) => (address.startsWith('bob') ? 550 : 250) },
      {},
      { why: 'it refused 1 of 2 recipients', again: false },
    ],
    [
      'for a wrong password',
      { tls: 'implicit', login: 'rekindle:right' },
      { login: { user: 'rekindle', password: 'wrong' } },
      { why: 'it does not accept user and password (535)', again: false },
    ],
    [
      'by a server without STARTTLS: never in the clear instead',
      { tls: 'none' },
      { tls: 'starttls' },
      { why: 'it offers no TLS that can be trusted (ETLS)', again: false },
    ],
    [
      'by a server that nobody vouches for',
      { tls: 'implicit' },
      { caFile: undefined },
      { why: 'it offers no TLS that can be trusted (DEPTH_ZERO_SELF_SIGNED_CERT)', again: false },
    ],
    [
      'without the file of its authority',
      { tls: 'implicit' },
      { caFile: '/nowhere.pem' },
      { why: 'its caFile cannot be read (ENOENT)', again: false },
    ],
    ['by nobody', { tls: 'none' }, { port: 1 }, { why: 'it cannot be reached (ECONNREFUSED)', again: true }],
  ])('%s', async (_what, options, access, wanted) => {
    const { receipt } = await sent(options, access);
    expect(receipt).toEqual({ taken: false, ...wanted });
  });

  test('because a server is silent: the caller may give up', async () => {
    const { port } = await startSmtpServer(atEnd, { tls: 'none', silent: true });
    const gone = new AbortController();
    const sending = sendMail({ host: '127.0.0.1', port, tls: 'none' }, mail, gone.signal);
    setTimeout(() => gone.abort(new Error('enough')), 50);
    await expect(sending).rejects.toThrow('enough');
  });
});
