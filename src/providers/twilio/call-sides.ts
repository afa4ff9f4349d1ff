import { type ActivityDraft, IdentityKind } from '../../core/adapters/activity-draft.js';
import { Direction } from '../../core/adapters/channel.js';
import { partyName } from './party-name.js';

/** A call as its webhooks and Twilio's list alike name it. */
export interface CallSides {
  readonly direction: Direction;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** As `callerNameOf` reads it. */
  readonly callerName: string | undefined;
}

/** Which address of a call is ours, and who the other party is beside its address: the number in it, and the name of who calls us. */
export function sidesOf({ direction, from, to, callerName }: CallSides): Pick<ActivityDraft, 'ours' | 'party'> {
  const isInbound = direction === Direction.INBOUND;
  const [our, their] = isInbound ? [to, from] : [from, to];
  const name = isInbound ? callerName : undefined;
  const identities = numbersIn(their).map((value) => ({ kind: IdentityKind.PHONE, value }));
  const isTold = name !== undefined || identities.length > 0;
  return {
    ours: our === undefined ? [] : [our, ...ourNumbersIn(our)],
    ...(isTold && {
      party: { ...(identities.length > 0 && { identities }), ...(name !== undefined && { name: partyName(name) }) },
    }),
  };
}

/**
 * Twilio says `inbound`, `outbound-api`, `outbound-dial`, or of a SIP trunk `trunking-originating` and, of what goes out, `trunking-terminating`; who says
 * nothing called us. Source: Twilio docs, Call resource.
 */
export function callDirectionOf(word = 'inbound'): Direction {
  return word.startsWith('outbound') || word === 'trunking-terminating' ? Direction.OUTBOUND : Direction.INBOUND;
}

/** The number that a SIP address is of: `sip:+12025550110@pbx.example`. Without the `+` it may be an extension, which is no person's number. */
function numbersIn(address: string | undefined): readonly string[] {
  const [, number] = /^sips?:(\+[1-9]\d{6,14})@/i.exec(address ?? '') ?? [];
  return number === undefined ? [] : [number];
}

/** As an address of ours may be written: what is none is nobody's. */
function ourNumbersIn(address: string): readonly string[] {
  return numbersIn(address.replace(/^(sips?:)(?=\d)/i, '$1+'));
}
