import { Injectable } from '@nestjs/common';
import { CodedError, ErrorCode } from '../../platform/errors/coded-error.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { type Language } from '../../platform/graphql/graphql-context.js';
import { Log } from '../../platform/logging/log.service.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { Channel, type Provider } from '../adapters/channel.js';
import { type OutboundChannel, type OutboundTemplate, type Template } from '../adapters/outbound.js';
import { SendingAddressesService } from './sending-addresses.service.js';

const BELIEVED_MS = 60_000;
const MOST_BELIEVED = 1_000;
/** Who sends waits no longer for a definition: the provider checks it as well. */
const PATIENCE_MS = 2_000;

/** What providers have on file: a template that a send names is looked for once a minute, all of them once for whoever asks meanwhile. */
@Injectable()
export class TemplatesService {
  private readonly asked = new Map<string, Promise<readonly Template[]>>();
  private readonly believed = new Map<string, { readonly until: number; readonly template: Template | null }>();

  constructor(
    private readonly access: AccessService,
    private readonly addresses: SendingAddressesService,
    private readonly adapters: AdapterRegistry,
    private readonly log: Log,
  ) {}

  /**
   * All that the account of a WhatsApp sender has, `from` or the first; none where its provider has no templates. Throws NOT_FOUND and FORBIDDEN,
   * and what a send from there is refused for; PROVIDER_NOT_CONFIGURED where they cannot be had.
   */
  async list(actor: Actor, organizationId: string, from: string | null, language: Language): Promise<readonly Template[]> {
    await this.access.require(actor, Scope.READ, organizationId);
    const { provider, accountId, outbound } = await this.addresses.find(organizationId, Channel.WHATSAPP, from, language);
    try {
      return await this.listOf(provider, accountId, outbound);
    } catch (error) {
      this.log.warn('send.templates_not_read', { provider, reason: reasonOf(error) });
      throw new CodedError(
        ErrorCode.PROVIDER_NOT_CONFIGURED,
        'The provider did not give its templates. Try again; `npx centralita doctor` says what may be missing.',
      );
    }
  }

  /** One request at a time, for all who ask meanwhile: of an account that others send by as well. */
  private listOf(provider: Provider, accountId: string, outbound: OutboundChannel): Promise<readonly Template[]> {
    const name = [provider, accountId].join('\n');
    const asked = this.asked.get(name);
    if (asked) return asked;
    const list = Promise.resolve(outbound.templates?.(accountId) ?? []).finally(() => this.asked.delete(name));
    this.asked.set(name, list);
    return list;
  }

  /** Null where the provider says there is none such; undefined where it could not be asked in time, which stops nothing. */
  async find(
    provider: Provider,
    accountId: string,
    template: Pick<OutboundTemplate, 'id' | 'language'>,
  ): Promise<Template | null | undefined> {
    const outbound = this.adapters.find(Channel.WHATSAPP, provider)?.outbound;
    if (!outbound?.findTemplate) return undefined;
    const name = [provider, accountId, template.id, template.language].join('\n');
    const known = this.believed.get(name);
    if (known && Date.now() < known.until) return known.template;
    try {
      const found = (await inTime(outbound.findTemplate(template, accountId))) ?? null;
      if (this.believed.size >= MOST_BELIEVED) this.believed.clear();
      // What is not there, or not approved, may be so in a moment.
      if (found && !found.unapproved) this.believed.set(name, { until: Date.now() + BELIEVED_MS, template: found });
      return found;
    } catch (error) {
      this.log.warn('send.template_not_read', { provider, template: template.id, reason: reasonOf(error) });
      return undefined;
    }
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
