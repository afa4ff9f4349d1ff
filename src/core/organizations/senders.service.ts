import { Injectable } from '@nestjs/common';
import { newId } from '../../platform/database/new-id.service.js';
import { type Sender } from '../../generated/prisma/client.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { addressName, lockAddresses } from './address-lock.sql.js';
import { readSenderAddress } from './sender-address.js';

export interface NewSender {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly address: string;
  readonly provider?: Provider | null;
  readonly label?: string | null;
}

/** Called after a sender is committed, with the name of its address (`SMS:+15005550006`). */
export type SenderListener = (address: string) => Promise<void>;

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
    if (input.label && (input.label.length > 200 || input.label.includes('\0')))
      throw badInput('label', 'label must have at most 200 characters.');
    const sender = await this.claim({ ...input, ...read });
    if (!sender) throw badInput('address', `address ${read.address} on ${input.channel} is owned already.`);
    for (const listener of this.listeners) await listener(addressName(sender.channel, sender.address));
    return sender;
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

  async ofOrganizations(ids: readonly string[]): Promise<ReadonlyMap<string, Sender[]>> {
    const senders = await this.database.prisma.sender.findMany({
      where: { organizationId: { in: [...ids] } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    const found = new Map<string, Sender[]>(ids.map((id) => [id, []]));
    for (const sender of senders) found.get(sender.organizationId)!.push(sender);
    return found;
  }
}
