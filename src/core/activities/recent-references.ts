/** As many as there are places; a power of two. */
const PLACES = 1 << 18;

/**
 * The references of the last hundred thousand activities, more or less: one may be forgotten for another, and once in some ten thousand times one is
 * taken for another. Marks of them instead of themselves, for a text cut from a webhook's body would keep all of that body.
 */
export class RecentReferences {
  private readonly marks = new Uint32Array(PLACES);

  has(reference: string): boolean {
    const mark = markOf(reference);
    return this.marks[mark % PLACES] === mark;
  }

  add(reference: string): void {
    const mark = markOf(reference);
    this.marks[mark % PLACES] = mark;
  }

  clear(): void {
    this.marks.fill(0);
  }
}

/** FNV-1a, mixed once more, since references mostly differ in their last letters. Never 0, which is nobody's. */
function markOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0 || 1;
}
