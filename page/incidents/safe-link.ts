/** What a tool sent as its page, if a browser may go there: `javascript:` would run here. */
export function safeLink(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
}
