const keptBytes = 8 * 1024;
const shownCharacters = 500;
/** Of many programs the last line says only that something failed above. */
const shownLines = 3;

/** The end of what a command says on standard error, behind its first line, which is its process id. */
export class Tail {
  private first = '';
  private text = '';
  private readonly secrets: string[];

  constructor(secrets: string[]) {
    this.secrets = secrets.filter((secret) => secret !== '');
  }

  add(bytes: Uint8Array): void {
    const more = Buffer.from(bytes).toString('utf8');
    if (this.processId === undefined && this.first.length < 20) {
      this.first += more;
      const end = this.first.indexOf('\n');
      if (end < 0) return;
      this.text = this.first.slice(end + 1);
      this.first = this.first.slice(0, end + 1);
    } else this.text += more;
    if (this.text.length > keptBytes) this.text = this.text.slice(-keptBytes);
  }

  /** Within the container. */
  get processId(): number | undefined {
    const match = /^(\d{1,10})\n$/.exec(this.first);
    return match ? Number(match[1]) : undefined;
  }

  /** Up to three, as one; empty when it said nothing. Secrets are taken out. */
  get lastLines(): string {
    // Before it is cut into lines: a secret may have several.
    const text = this.secrets.reduce((said, secret) => said.replaceAll(secret, '[secret]'), this.text);
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.slice(-shownLines).join(' | ').slice(-shownCharacters);
  }
}
