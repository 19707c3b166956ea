const units: Record<string, number> = { '': 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9, t: 1e12, tb: 1e12 };

/** `4700MB`, `2 GB`, `650000000`: powers of 1,000, as they are shown. Undefined: it is no size. */
export function byteSize(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?)\s*([A-Za-z]{0,2})$/.exec(text.trim()) ?? [];
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined;
  if (amount === undefined || factor === undefined) return undefined;
  const size = Math.round(Number(amount) * factor);
  return size > 0 && Number.isSafeInteger(size) ? size : undefined;
}
