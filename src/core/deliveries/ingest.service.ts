import { Injectable } from '@nestjs/common';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { type ChannelAdapter, type NormalizedDelivery, type WebhookReply } from '../adapters/channel-adapter.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { type VoiceAnswer } from '../adapters/voice-answer.js';
import { SendersService } from '../organizations/senders.service.js';
import { REFERENCE, referenceName, referenceValueOf } from '../activities/sourced-draft.js';
import { type DeliveryVerdict } from './delivery-state.js';
import { GroupCommitService } from './group-commit.service.js';

/** Of more the oldest are left to the sweep. */
const MOST_WAITING = 10_000;

/** The way of a verified delivery: normalize, record in a group commit, answer. */
@Injectable()
export class IngestService {
  private readonly waiting = new Set<string>();
  private readonly listeners: ((name: string) => void)[] = [];

  constructor(
    private readonly adapters: AdapterRegistry,
    private readonly commits: GroupCommitService,
    private readonly senders: SendersService,
    private readonly log: Log,
  ) {}

  /** The provider's answer, once the delivery is committed. Throws Unavailable where it could not be: a 503. */
  async accept(delivery: VerifiedDelivery): Promise<WebhookReply> {
    await this.record(delivery);
    const adapter = this.adapterOf(delivery);
    const address = adapter.answeredBy?.(delivery);
    return adapter.reply(delivery, address === undefined ? undefined : await this.voiceOf(address, delivery));
  }

  /** A caller waits: what cannot be looked up is the default, and never silence. */
  private async voiceOf(address: string, { id, servesOnly }: VerifiedDelivery): Promise<VoiceAnswer | undefined> {
    try {
      const found = await this.senders.voiceOf(address);
      return servesOnly === undefined || servesOnly === found?.organizationId ? found?.voice : undefined;
    } catch (error) {
      this.log.warn('delivery.voice_not_read', { deliveryId: id, reason: reasonOf(error) });
      return undefined;
    }
  }

  /** Also of a kept delivery that is run through again. */
  async record(delivery: VerifiedDelivery): Promise<DeliveryVerdict> {
    const read = this.normalize(this.adapterOf(delivery), delivery);
    // A needless await would cost every message a turn of the loop, and its place in the group.
    const normalized = read instanceof Promise ? await read : read;
    const verdict = await this.commits.commit({ delivery, normalized });
    this.noteWaiting(delivery, normalized, verdict);
    this.log.info('delivery.recorded', {
      deliveryId: delivery.id,
      channel: delivery.channel,
      provider: delivery.provider,
      state: verdict.state,
      activities: verdict.activityIds.length,
      durationMs: Date.now() - delivery.receivedAt.getTime(),
    });
    return verdict;
  }

  /** What waited for an activity hears here of its reference; `name` as the ledger has it. */
  onReference(listener: (name: string) => void): void {
    this.listeners.push(listener);
  }

  /** Of this process; what another's commit would resolve, the sweep finds. */
  private noteWaiting({ provider, accountId }: VerifiedDelivery, { drafts }: NormalizedDelivery, verdict: DeliveryVerdict): void {
    for (const name of verdict.waitsFor) if (name.startsWith(REFERENCE)) this.waiting.add(name);
    while (this.waiting.size > MOST_WAITING) this.waiting.delete(this.waiting.values().next().value!);
    if (!this.waiting.size || !verdict.activityIds.length) return;
    for (const draft of drafts) {
      const name = referenceName(provider, accountId, referenceValueOf(draft) ?? '');
      if (!verdict.waitsFor.includes(name) && this.waiting.delete(name)) for (const listener of this.listeners) listener(name);
    }
  }

  private adapterOf({ channel, provider }: VerifiedDelivery): ChannelAdapter {
    const adapter = this.adapters.find(channel, provider);
    if (!adapter) throw new Error(`No adapter carries ${channel} by ${provider}`);
    return adapter;
  }

  /** What a normalizer throws is a delivery not understood: kept, and replayable after an upgrade. */
  private normalize(adapter: ChannelAdapter, delivery: VerifiedDelivery): NormalizedDelivery | Promise<NormalizedDelivery> {
    const notUnderstood = (error: unknown): NormalizedDelivery => {
      this.log.error('delivery.not_understood', error, { deliveryId: delivery.id });
      return { drafts: [], problems: [{ index: 0, message: 'It could not be read: the log says why.' }] };
    };
    try {
      const read = adapter.normalize(delivery);
      return read instanceof Promise ? read.catch(notUnderstood) : read;
    } catch (error) {
      return notUnderstood(error);
    }
  }
}
