import { oneLine } from './text.ts';

/** For text and attributes. Line breaks stay; what XML does not allow at all becomes a space. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text
    .split('\n')
    .map((line) => oneLine(line).replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign))
    .join('\n');
}
