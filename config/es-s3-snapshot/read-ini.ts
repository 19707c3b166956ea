/** By section, its keys in lower case with their values: as Python's ConfigParser reads the file of the old tool. */
export type Ini = Record<string, Record<string, string>>;

export interface ReadIni {
  sections: Ini;
  /** Values behind which stood a comment that ConfigParser takes for a part of the value. */
  commented: { section: string; key: string; withComment: string }[];
}

/** Lines that are none of all that are left out; a comment is a line of its own, or follows a space. */
export function readIni(text: string): ReadIni {
  const sections: Ini = {};
  const commented: ReadIni['commented'] = [];
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|rem\b|$)/i.test(line)) continue;
    const header = /^\[([^\]]+)\]/.exec(line);
    if (header?.[1] !== undefined) {
      section = header[1].trim();
      sections[section] ??= {};
      continue;
    }
    const pair = /^([^=:\s][^=:]*)[=:](.*)$/.exec(line);
    const into = sections[section];
    if (pair === null || into === undefined) continue;
    const [key, value] = [(pair[1] ?? '').trim().toLowerCase(), (pair[2] ?? '').replace(/\s;.*$/, '').trim()];
    const bare = value.replace(/\s+#.*$/, '');
    if (bare !== value) commented.push({ section, key, withComment: value });
    into[key] = bare;
  }
  return { sections, commented };
}
