const factors: Record<string, number> = { b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40, pb: 2 ** 50 };

/** Bytes of a size as Elasticsearch writes it (`2gb`, `1.5MB`); undefined when it is none, or means no limit (`-1`). */
export function bytesOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgtp]?b)$/i.exec(text.trim());
  const factor = factors[match?.[2]?.toLowerCase() ?? ''];
  return match?.[1] === undefined || factor === undefined ? undefined : Number(match[1]) * factor;
}
