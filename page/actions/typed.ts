/** Whether somebody typed a name: a phone's keyboard puts a space behind it and writes its first letter large. */
export function sameName(typed: string, name: string): boolean {
  return typed.trim().toLowerCase() === name.toLowerCase();
}
