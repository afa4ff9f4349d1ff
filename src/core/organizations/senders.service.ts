import { Injectable } from '@nestjs/common';
import { newId } from '../../platform/database/new-id.service.js';
import { Prisma, type Sender } from '../../generated/prisma/client.js';
import { checkShortText } from '../../platform/errors/check-short-text.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { notFound } from '../access/access.errors.js';
import { isUuid } from '../../platform/database/uuid.js';
import { Channel, type Provider } from '../adapters/channel.js';
import { type VoiceAnswer } from '../adapters/voice-answer.js';
import { addressName, lockAddresses } from './address-lock.sql.js';
import { readSenderAddress } from './sender-address.js';
import { type GivenVoice, readVoice } from './voice-answer-form.js';

export interface NewSender {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly address: string;
  readonly provider?: Provider | null;
  readonly label?: string | null;
}

/** Called after a sender is committed, with the name of its address (`SMS:+15005550006`). */
export type SenderListener = (address: string) => Promise<void>;

/** The addresses of organizations: made, changed and looked up. */
@Injectable()
export class SendersService {
  private readonly listeners: SenderListener[] = [];

  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
  ) {}

  /** What waited for an address hears of its sender here. */
  onCreated(listener: SenderListener): void {
    this.listeners.push(listener);
  }

  /** Also replays what was waiting for this address. Throws BAD_USER_INPUT for what is no address, or is owned already. */
  async create(actor: Actor, input: NewSender): Promise<Sender> {
    await this.access.require(actor, Scope.ADMIN, input.organizationId);
    const read = readSenderAddress(input.channel, input.address, input.provider);
    if ('problem' in read) throw badInput(read.field, read.problem);
    checkShortText('label', input.label);
    const sender = await this.claim({ ...input, ...read });
    if (!sender) throw badInput('address', `address ${read.address} on ${input.channel} is owned already.`);
    for (const listener of this.listeners) await listener(addressName(sender.channel, sender.address));
    return sender;
  }

  /** What is undefined stays; null takes it away. Throws NOT_FOUND, and BAD_USER_INPUT that names the field. */
  async update(
    actor: Actor,
    id: string,
    { label, voice }: { readonly label?: string | null; readonly voice?: GivenVoice | null },
  ): Promise<Sender> {
    this.access.requireAdmin(actor);
    const found = isUuid(id) ? await this.database.prisma.sender.findUnique({ where: { id } }) : null;
    if (!found) throw notFound({ what: 'sender' });
    checkShortText('label', label);
    if (voice && found.channel !== Channel.VOICE) throw badInput('voice', 'voice is for senders of VOICE: no other is called.');
    const read = voice && readVoice(voice);
    if (read && 'problem' in read) throw badInput(read.field, read.problem);
    if (read?.forwardTo && (await this.isOurs(read.forwardTo)))
      throw badInput('forwardTo', 'voice.forwardTo is a number that calls come in by: it would ring for ever.');
    return this.database.prisma.sender.update({
      where: { id },
      data: {
        ...(label !== undefined && { label }),
        ...(read !== undefined && { voice: read === null ? Prisma.DbNull : { ...read } }),
      },
    });
  }

  /** What a call to that number hears, and whose it is; undefined where it is nobody's or has no answer of its own. */
  async voiceOf(address: string): Promise<{ readonly organizationId: string; readonly voice: VoiceAnswer } | undefined> {
    const found = await this.database.prisma.sender.findUnique({ where: { channel_address: { channel: Channel.VOICE, address } } });
    if (!found?.voice) return undefined;
    const voice = found.voice as unknown as VoiceAnswer;
    const { organizationId } = found;
    // It may have become one of ours since.
    return voice.forwardTo && (await this.isOurs(voice.forwardTo))
      ? { organizationId, voice: { ...voice, forwardTo: null } }
      : { organizationId, voice };
  }

  /** The organization that has the first of these addresses that anybody has; undefined where nobody has any. */
  async ownerOf(channel: Channel, addresses: readonly string[]): Promise<string | undefined> {
    const found = await this.database.prisma.sender.findMany({ where: { channel, address: { in: [...new Set(addresses)] } } });
    return addresses.map((one) => found.find(({ address }) => address === one)).find((sender) => sender)?.organizationId;
  }

  /** What belongs to other organizations than that one. */
  async addressesOfOthers(organizationId: string, client: Prisma.TransactionClient = this.database.prisma): Promise<string[]> {
    const found = await client.sender.findMany({ where: { NOT: { organizationId } }, select: { address: true } });
    return found.map(({ address }) => address);
  }

  private async isOurs(number: string): Promise<boolean> {
    return (await this.database.prisma.sender.count({ where: { channel: Channel.VOICE, address: number } })) > 0;
  }

  /** Undefined where the address is somebody's. `address` as `readSenderAddress` gives it. */
  async claim(sender: NewSender & { readonly provider: Provider }): Promise<Sender | undefined> {
    const { organizationId, channel, address, provider, label = null } = sender;
    return this.database.prisma.$transaction(async (tx) => {
      // A delivery that finds no sender holds this lock until it is stored: whoever commits second sees the other.
      await lockAddresses(tx, [addressName(channel, address)]);
      const [made] = await tx.sender.createManyAndReturn({
        data: [{ id: newId(), organizationId, channel, address, provider, label }],
        skipDuplicates: true,
      });
      return made;
    });
  }

  async ofOrganizations(
    ids: readonly string[],
    client: Prisma.TransactionClient = this.database.prisma,
  ): Promise<ReadonlyMap<string, Sender[]>> {
    const senders = await client.sender.findMany({
      where: { organizationId: { in: [...ids] } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    const found = new Map<string, Sender[]>(ids.map((id) => [id, []]));
    for (const sender of senders) found.get(sender.organizationId)!.push(sender);
    return found;
  }
}
