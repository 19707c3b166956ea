import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { routes, type RouteName } from '../../api/routes.ts';
import { useWhyNot } from '../api/session.ts';

interface Options {
  route: RouteName;
  label: string;
  /** What it is done to, for screen readers, where the label alone stands in each row. */
  object?: string;
  look?: 'primary' | 'danger' | 'small';
  dialog: (close: () => void) => JSX.Element;
}

/** A button that opens a dialog; for those who may not use it, a word why it is not there. */
export function Action({ route, label, object, look, dialog }: Options) {
  const [open, setOpen] = useState(false);
  const { role } = routes[route];
  const whyNot = useWhyNot(role === 'anyone' ? 'viewer' : role);
  if (whyNot !== undefined) return look === 'small' ? null : <NotFor label={label} why={whyNot} />;
  return (
    <>
      <button type="button" class={look} onClick={() => setOpen(true)} aria-haspopup="dialog">
        {label}
        {object !== undefined && <span class="unseen"> {object}</span>}
      </button>
      {open && dialog(() => setOpen(false))}
    </>
  );
}

function NotFor({ label, why }: { label: string; why: string }) {
  return (
    <span class="not-for">
      {label}: {why}
    </span>
  );
}
