/**
 * An object that is, in all its members, the one of the running test. It can be had before there is one.
 * @param get gives the one of the running test
 * @throws where a member is used outside tests and their hooks
 */
export function current<T extends object>(get: () => T | undefined): T {
  const target = (): T => {
    const object = get();
    if (object === undefined) throw new Error('n8n and the sandbox run inside tests only');
    return object;
  };
  return new Proxy({} as T, {
    get: (_, property) => Reflect.get(target(), property) as unknown,
    set: (_, property, value) => Reflect.set(target(), property, value),
  });
}
