/**
 * What became of a draft. RECORDED: a new event. KNOWN: that event is there already, or another source told it and this one adds nothing, or its
 * activity was erased. `erased`: it names somebody who was erased. NOTED: it told of no activity. LOCKED: to be tried again. UNROUTED waits for
 * the sender of an address of ours or for its reference, UNMATCHED for its reference alone. `owned`: it is of an organization that the account
 * does not serve.
 */
export type Outcome =
  | { readonly kind: 'RECORDED' | 'KNOWN'; readonly organizationId: string; readonly activityId: string; readonly erased?: true }
  | { readonly kind: 'UNROUTED' | 'UNMATCHED'; readonly waitsFor: readonly string[]; readonly owned?: true }
  | { readonly kind: 'LOCKED' | 'NOTED' };
