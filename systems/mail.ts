import { readFile } from 'node:fs/promises';
import { withDeadline } from './deadline.ts';
import type { Receipt } from './http-receiver.ts';

/** A mail server with what logs in there. */
export interface MailServerAccess {
  host: string;
  port: number;
  tls: 'starttls' | 'implicit' | 'none';
  /** PEM. */
  caFile?: string;
  login?: { user: string; password: string };
}

export interface Mail {
  from: string;
  to: string[];
  messageId: string;
  subject: string;
  text: string;
}

const answerWithinMs = 20_000;

/**
 * Hands a mail to its server once. What the server refuses for good (5xx) is not sent again; that it cannot be reached, or
 * asks for patience (4xx), is. Throws only when `signal` aborts.
 */
export async function sendMail(server: MailServerAccess, mail: Mail, signal: AbortSignal): Promise<Receipt> {
  try {
    const { rejected } = await withDeadline(answerWithinMs, signal, (limited) => hand(server, mail, limited));
    if (rejected.length === 0) return { taken: true };
    // The others have theirs, and would get it twice.
    return { taken: false, why: `it refused ${rejected.length} of ${mail.to.length} recipients`, again: false };
  } catch (error) {
    signal.throwIfAborted();
    return notTaken(error);
  }
}

async function hand(server: MailServerAccess, mail: Mail, signal: AbortSignal): Promise<{ rejected: unknown[] }> {
  const { host, port, tls, caFile, login } = server;
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  // Loaded on demand: most platforms send no mail.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(ca !== undefined && { tls: { ca } }),
    ...{ connectionTimeout: answerWithinMs, greetingTimeout: answerWithinMs, socketTimeout: answerWithinMs },
    ...(login && { auth: { user: login.user, pass: login.password } }),
    // Nothing of a document is read from files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([
      transport.sendMail({
        ...mail,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      }),
      aborted,
    ]);
  } finally {
    transport.close();
  }
}

/** A certificate that nobody trusts is no passing fault. */
const distrust = /CERT|SIGNED|SIGNATURE|ERR_TLS|ERR_SSL/;

/** Of a foreign error only its codes: messages quote what was sent. */
function notTaken(error: unknown): Extract<Receipt, { taken: false }> {
  const fault = error as Partial<Record<'name' | 'code' | 'originalCode' | 'syscall', string>> & {
    responseCode?: number;
  };
  const { name, responseCode, syscall } = fault;
  const code = fault.originalCode ?? fault.code;
  const no = (why: string, again: boolean) => ({ taken: false, why, again }) as const;
  if (name === 'TimeoutError') return no(`no answer within ${answerWithinMs / 1000} s`, true);
  if (syscall === 'open') return no(`its caFile cannot be read (${code ?? 'unknown reason'})`, false);
  if (fault.code === 'ETLS' || distrust.test(code ?? ''))
    return no(`it offers no TLS that can be trusted (${code ?? 'unknown reason'})`, false);
  if (responseCode === undefined) return no(`it cannot be reached${code === undefined ? '' : ` (${code})`}`, true);
  const again = responseCode < 500;
  return no(
    fault.code === 'EAUTH' ? `it does not accept user and password (${responseCode})` : `it answered ${responseCode}`,
    again,
  );
}
