/**
 * All items in any order, and `repeats` of them once more, as providers may tell them. `below(n)` is a random whole number from 0 to n - 1.
 */
export function inAnyOrder<T>(items: readonly T[], repeats: number, below: (n: number) => number): T[] {
  return shuffled([...items, ...shuffled(items, below).slice(0, repeats)], below);
}

function shuffled<T>(items: readonly T[], below: (n: number) => number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
