import { Interrupted } from './interrupted.ts';

/** A person's Ctrl-C, and what `kill`, `timeout` and a service manager send. */
const signals = ['SIGINT', 'SIGTERM'] as const;

/** `happened` rejects with Interrupted at the first signal; `forget` gives the signals back their usual effect. */
export function interruption(run: string, commands?: { watch: string; end: string }) {
  let onSignal = (): void => undefined;
  const happened = new Promise<never>((_resolve, reject) => {
    onSignal = () => reject(new Interrupted(run, commands));
  });
  happened.catch(() => undefined);
  for (const signal of signals) process.once(signal, onSignal);
  return {
    happened,
    forget: () => {
      for (const signal of signals) process.removeListener(signal, onSignal);
    },
  };
}
