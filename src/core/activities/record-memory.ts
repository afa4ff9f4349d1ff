import { addressesOf, type Known, type Outcome, referenceOf, type SourcedDraft } from './record-plan.js';

const MOST_SENDERS = 10_000;
const MOST_REFERENCES = 100_000;

/**
 * What this process has seen lately, so that recording need not ask what it can guess. A sender is never taken away, so one seen
 * stays true; that a reference is new is a guess, which the write checks.
 */
export class RecordMemory {
  private readonly senders = new Map<string, string>();
  private readonly references = new Set<string>();

  /** What the database very likely knows of these drafts: their senders, and nothing else. Undefined where that is not likely. */
  guess(drafts: readonly SourcedDraft[], defaultOrganization: string | undefined): Known | undefined {
    if (!drafts.length || !drafts.every((sourced) => this.looksNew(sourced))) return undefined;
    return {
      references: new Map(),
      senders: this.senders,
      activities: new Map(),
      eventKeys: new Set(),
      locked: undefined,
      defaultOrganization,
    };
  }

  /** Remembers what was read, and what became of the drafts. */
  learn(drafts: readonly SourcedDraft[], known: Known, outcomes: readonly Outcome[]): void {
    if (known.senders !== this.senders) for (const [address, organizationId] of known.senders) put(this.senders, address, organizationId);
    drafts.forEach((sourced, i) => {
      const reference = referenceOf(sourced);
      if (reference !== undefined && 'activityId' in outcomes[i]!) this.remember(reference);
    });
  }

  /** After a restore nothing remembered need be true. */
  forget(): void {
    this.senders.clear();
    this.references.clear();
  }

  /** What comes in tells of something new, unless it is said again; what a message of ours became tells of something known. */
  private looksNew(sourced: SourcedDraft): boolean {
    const { draft } = sourced;
    const reference = referenceOf(sourced);
    if (draft.facts.direction !== 'INBOUND' || draft.activityId !== undefined) return false;
    if (reference === undefined || this.references.has(reference)) return false;
    // The most telling address alone: that a lesser one is somebody's does not say that this one is not another's.
    const [first] = addressesOf(draft);
    return first !== undefined && this.senders.has(first);
  }

  private remember(reference: string): void {
    if (this.references.size >= MOST_REFERENCES) this.references.delete(this.references.values().next().value!);
    this.references.add(reference);
  }
}

function put(map: Map<string, string>, key: string, value: string): void {
  if (map.size >= MOST_SENDERS && !map.has(key)) map.clear();
  map.set(key, value);
}
