import { Injectable } from '@nestjs/common';
import { badInput, CodedError, type ErrorCode } from '../../platform/errors/coded-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type Language } from '../../platform/graphql/graphql-context.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { Channel } from '../adapters/channel.js';
import { readRecipient } from '../contacts/recipient.js';
import { factsAskedOf, type FactsRow, readFacts } from './send-facts.sql.js';
import { judge, windowClosesAt } from './send-rules.js';
import { SendingAddressesService } from './sending-addresses.service.js';
import { reasonOfRefusal } from './sends.errors.js';

/** What the rules would say of a text that is sent now. */
export interface Sendability {
  readonly allowed: boolean;
  readonly code: ErrorCode | null;
  readonly reason: string | null;
  readonly windowClosesAt: Date | null;
  readonly optedOutAt: Date | null;
}

const MUST_BE: Record<Language, string> = { en: 'to must be', es: 'to debe ser' };

const NOTHING = { code: null, reason: null, windowClosesAt: null, optedOutAt: null };

/** Judges before anybody writes, by the rules that a send is judged by. */
@Injectable()
export class SendabilityService {
  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
    private readonly addresses: SendingAddressesService,
  ) {}

  /** Throws NOT_FOUND and FORBIDDEN; what else would be refused is the answer. */
  async of(
    actor: Actor,
    organizationId: string,
    { channel, to, from }: { readonly channel: Channel; readonly to: string; readonly from: string | null },
    language: Language,
  ): Promise<Sendability> {
    await this.access.require(actor, Scope.READ, organizationId);
    try {
      const read = readRecipient(channel, to);
      if ('wanted' in read) throw badInput('to', `${MUST_BE[language]} ${read.wanted[language]}.`);
      const sending = await this.addresses.find(organizationId, channel, from, language);
      const asked = factsAskedOf({ organizationId, channel, from: sending.from, to: read.address });
      const [row] = await this.database.prisma.$queryRaw<[FactsRow]>(readFacts([asked]));
      const facts = row.facts![0]!;
      const refusal = judge(channel, undefined, facts, new Date());
      return {
        allowed: !refusal,
        code: refusal?.code === 'CONVERSATION_MOVED' ? null : (refusal?.code ?? null),
        reason: refusal ? reasonOfRefusal(refusal, language) : null,
        windowClosesAt: channel === Channel.WHATSAPP ? windowClosesAt(facts.heardAt) : null,
        optedOutAt: facts.consent?.optedOut ? new Date(facts.consent.at) : null,
      };
    } catch (error) {
      if (error instanceof CodedError) return { ...NOTHING, allowed: false, code: error.code, reason: error.message };
      throw error;
    }
  }
}
