/** Lets so many run at once. */
export function gate(places: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let free = places;
  const queue: Array<() => void> = [];
  return async (task) => {
    if (free === 0) await new Promise<void>((go) => queue.push(go));
    else free -= 1;
    try {
      return await task();
    } finally {
      const next = queue.shift();
      if (next) next();
      else free += 1;
    }
  };
}
