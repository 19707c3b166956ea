/** `expect`, whose failure also shows a text: what a command printed, say. */
export function expecting<T>(actual: T, text: string): jest.JestMatchers<T> {
  return explained(expect(actual), text);
}

function explained<M extends object>(matchers: M, text: string): M {
  return new Proxy(matchers, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found === 'object' && found !== null) return explained(found, text);
      if (typeof found !== 'function') return found;
      return (...args: unknown[]) => {
        try {
          return found.apply(target, args) as unknown;
        } catch (error) {
          // The stack, which reporters show, begins with the message.
          const { message, stack } = error as Error;
          const longer = `${message}\n\n${text}`;
          throw Object.assign(error as Error, { message: longer, stack: stack?.replace(message, () => longer) });
        }
      };
    },
  });
}
