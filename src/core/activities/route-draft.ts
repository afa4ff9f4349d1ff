import { type Known, ownActivityOf } from './known.js';
import { type Outcome } from './outcome.js';
import { addressesOf, parentOf, referenceOf, type SourcedDraft } from './sourced-draft.js';

/** Whose a draft is; else what would say so. */
type Route = { readonly kind: 'ROUTED'; readonly organizationId: string } | Extract<Outcome, { waitsFor: readonly string[] }>;

/**
 * An id already known decides the organization, ours before the provider's; else an address of ours; else what it is part of; else
 * the default. What the account that verified it does not serve is nobody's, whatever it names.
 */
export function route(sourced: SourcedDraft, known: Known): Route {
  if (sourced.own !== undefined) return { kind: 'ROUTED', organizationId: sourced.own };
  const [name, parent] = [referenceOf(sourced), parentOf(sourced)];
  const reference = ownActivityOf(sourced, known) ?? (name === undefined ? undefined : known.references.get(name));
  const addresses = addressesOf(sourced.draft);
  const owner =
    reference?.organizationId ??
    addresses.map((address) => known.senders.get(address)).find((id) => id !== undefined) ??
    (parent === undefined ? undefined : known.references.get(parent)?.organizationId) ??
    (addresses.length ? known.defaultOrganization : undefined);
  if (owner !== undefined && isServed(sourced, owner)) return { kind: 'ROUTED', organizationId: owner };
  const references = [name, parent].filter((one) => one !== undefined);
  // Its address has a sender already: no other will come for it.
  if (owner !== undefined) return { kind: 'UNROUTED', waitsFor: references, owned: true };
  return { kind: addresses.length ? 'UNROUTED' : 'UNMATCHED', waitsFor: [...addresses, ...references] };
}

/** Whether the account that verified it serves that organization. */
export function isServed({ servesOnly }: SourcedDraft, organizationId: string): boolean {
  return servesOnly === undefined || servesOnly === organizationId;
}

/** Whether it is of an organization that another holds. */
export function isLocked(routed: Route, known: Known): boolean {
  return routed.kind === 'ROUTED' && known.locked !== undefined && !known.locked.has(routed.organizationId);
}
