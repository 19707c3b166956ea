import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Refused } from '../api/client.ts';
import { rememberedName, rememberName, useSession } from '../api/session.ts';
import { Notice } from '../parts/notice.tsx';
import { announce } from '../parts/announce.tsx';
import { sameName } from './typed.ts';

export interface DialogOptions {
  title: string;
  /** What the button says that does it. */
  does: string;
  danger?: boolean;
  /** The person types this before the button works. */
  typed?: string;
  children?: ComponentChildren;
  /** False: something in `children` is missing. */
  ready?: boolean;
  /** `by`: the name where access control is off. Resolves with a line for people, if there is one. */
  act: (by: { by?: string }) => Promise<string | undefined>;
  close: () => void;
}

/** Asks before something is done, shows why it was refused, and gives the focus back when it closes. */
export function Dialog({ title, does, danger = false, typed, children, ready = true, act, close }: DialogOptions) {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const { caller } = useSession();
  const nameless = caller?.method === 'none';
  const [name, setName] = useState(rememberedName);
  const [asksName] = useState(() => nameless && rememberedName() === '');
  const [word, setWord] = useState('');
  const [refused, setRefused] = useState<Refused>();
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    return () => (before instanceof HTMLElement ? before.focus() : undefined);
  }, []);

  const mayGo = ready && !busy && (!nameless || name.trim() !== '') && (typed === undefined || sameName(word, typed));
  const go = async () => {
    if (!mayGo) return;
    setBusy(true);
    setRefused(undefined);
    if (nameless) rememberName(name.trim());
    try {
      const answer = await act(nameless ? { by: name.trim() } : {});
      if (answer !== undefined) announce(answer);
      close();
    } catch (error) {
      setRefused(error as Refused);
      setBusy(false);
    }
  };

  return (
    <dialog ref={box} aria-labelledby={heading} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <h2 id={heading}>{title}</h2>
        {children}
        {asksName && (
          <label>
            Your name, for the report
            <input value={name} autocomplete="name" onInput={({ currentTarget }) => setName(currentTarget.value)} />
          </label>
        )}
        {typed !== undefined && (
          <label>
            <span>
              Type <strong class="typed">{typed}</strong> to confirm
            </span>
            <input
              value={word}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              onInput={({ currentTarget }) => setWord(currentTarget.value)}
            />
          </label>
        )}
        {refused && <Notice message={refused.message} remedy={refused.remedy} />}
        <div class="buttons">
          <button type="button" onClick={() => box.current?.close()}>
            Back
          </button>
          <button type="submit" class={danger ? 'danger' : 'primary'} disabled={!mayGo}>
            {busy ? 'Working…' : does}
          </button>
        </div>
      </form>
    </dialog>
  );
}
