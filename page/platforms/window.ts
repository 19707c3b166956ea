/** Sizes in pixels. */
export interface Listing {
  count: number;
  columns: number;
  rowHeight: number;
}

export interface Shown {
  first: number;
  /** Behind the last. */
  end: number;
  above: number;
  below: number;
}

const rowsAround = 6;

/** Which of many are drawn: those in sight and some around them. `top`: how far the list is scrolled out of sight. */
export function shownOf({ count, columns, rowHeight }: Listing, top: number, height: number): Shown {
  const rows = Math.ceil(count / columns);
  const first = Math.min(rows, Math.max(0, Math.floor(top / rowHeight) - rowsAround));
  const last = Math.min(rows, Math.max(first, Math.ceil((top + height) / rowHeight) + rowsAround));
  return {
    first: first * columns,
    end: Math.min(count, last * columns),
    above: first * rowHeight,
    below: (rows - last) * rowHeight,
  };
}

/** Rows on a desk, cards on a phone, a grid of cards on a wall. `width`: of the list. */
export function listingFor(width: number): Omit<Listing, 'count'> & { shape: 'rows' | 'cards' } {
  if (width >= 1700) return { shape: 'cards', columns: Math.floor(width / 460), rowHeight: 262 };
  return width < 900
    ? { shape: 'cards', columns: Math.max(1, Math.floor(width / 400)), rowHeight: 220 }
    : { shape: 'rows', columns: 1, rowHeight: 64 };
}
