import { randomInt } from 'node:crypto';
import { inAnyOrder } from '../sandbox/any-order.js';
import { type CommandContext, readContext } from './command-context.service.js';
import { CommandError } from './command-error.js';
import { curlCommand } from './curl-command.js';
import { inboundCall } from '../sandbox/inbound-call.js';
import { inboundMail } from '../sandbox/inbound-mail.js';
import { inboundMessage } from '../sandbox/inbound-message.js';
import { formBoundary, idempotencyToken, mailMessageId, mediaSid, sid, wamid } from '../sandbox/invent.service.js';
import { metaMessage } from '../sandbox/meta-message.js';
import { chooseAddress, type OrganizationWithSenders, type OurAddress, ourAddresses, type Target } from './our-address.js';
import { playLife } from './play-life.service.js';
import { type ProviderDelivery, type SimulatedLife } from '../sandbox/provider-delivery.js';
import { readMailCredential, readMetaSecret, readTwilioSigner } from './provider-secrets.service.js';
import { ask, connect, type Connection, locateServer } from './running-server.service.js';

/** What every simulation takes. */
interface Options {
  readonly from: string;
  readonly to?: string;
  readonly curl?: boolean;
}

export interface SimulateMessageOptions extends Options {
  readonly body: string;
}

export interface SimulateCallOptions extends Options {
  /** As it was typed. */
  readonly seconds: string;
}

export interface SimulateWhatsAppOptions extends SimulateMessageOptions {
  /** As it was typed. */
  readonly provider: string;
}

export interface SimulateMailOptions extends SimulateMessageOptions {
  readonly subject: string;
}

/** Deliveries of a call that come twice. */
const REPEATS = 2;
const LONGEST_CALL_SECONDS = 4 * 60 * 60;
const MEDIA_TYPES = ['image/jpeg', 'application/pdf'];

/** Plays Twilio: an inbound SMS, or with media an MMS. Throws CommandError. */
export function simulateSms(options: SimulateMessageOptions, { media }: { readonly media: boolean }): Promise<void> {
  return simulate({ channel: 'SMS', provider: 'TWILIO' }, options, (context, publicUrl, to) => {
    const files = (media ? MEDIA_TYPES : []).map((contentType) => ({ contentType, sid: mediaSid(contentType) }));
    const ids = { messageSid: sid(media ? 'MM' : 'SM'), idempotencyToken: idempotencyToken() };
    return inboundMessage({ ...options, ...ids, channel: 'SMS', to, media: files }, readTwilioSigner(context, publicUrl));
  });
}

/** Plays Twilio or Meta: an inbound WhatsApp message. Throws CommandError. */
export function simulateWhatsApp(options: SimulateWhatsAppOptions): Promise<void> {
  const provider = options.provider.toUpperCase();
  if (provider !== 'TWILIO' && provider !== 'META')
    throw new CommandError(`--provider takes twilio or meta, not ${options.provider || 'nothing'}.`);
  return simulate({ channel: 'WHATSAPP', provider }, options, (context, publicUrl, to) => {
    if (provider === 'META') {
      return metaMessage({ ...options, phoneNumberId: to, wamid: wamid(), sentAt: new Date() }, readMetaSecret(context));
    }
    const ids = { messageSid: sid('SM'), idempotencyToken: idempotencyToken() };
    return inboundMessage({ ...options, ...ids, channel: 'WHATSAPP', to, media: [] }, readTwilioSigner(context, publicUrl));
  });
}

/** Plays Twilio: a call that rings, is answered, leaves a message and is completed, told in any order and in part twice. Throws CommandError. */
export function simulateCall(options: SimulateCallOptions): Promise<void> {
  const durationSeconds = Number(options.seconds);
  if (!/^\d+$/.test(options.seconds) || durationSeconds > LONGEST_CALL_SECONDS)
    throw new CommandError(`--seconds takes a whole number from 0 to ${LONGEST_CALL_SECONDS}, not ${options.seconds || 'nothing'}.`);
  return simulate({ channel: 'VOICE', provider: 'TWILIO' }, options, (context, publicUrl, to) =>
    inboundCall(
      {
        from: options.from,
        to,
        durationSeconds,
        callSid: sid('CA'),
        recordingSid: sid('RE'),
        endedAt: new Date(),
        idempotencyTokens: [idempotencyToken(), idempotencyToken(), idempotencyToken(), idempotencyToken()],
      },
      readTwilioSigner(context, publicUrl),
    ),
  );
}

/** Plays SendGrid: a mail that came in. Throws CommandError. */
export function simulateMail(options: SimulateMailOptions): Promise<void> {
  return simulate({ channel: 'EMAIL', provider: 'SENDGRID' }, options, (context, _, to) => {
    const [, domain = 'example.com'] = options.from.split('@');
    const ids = { messageId: mailMessageId(domain), boundary: formBoundary() };
    return inboundMail({ ...options, ...ids, to, sentAt: new Date() }, readMailCredential(context));
  });
}

/** Composes a life to an address of ours, and plays it to the running server, or prints it as commands. */
async function simulate(
  target: Target,
  options: Options,
  compose: (context: CommandContext, publicUrl: string, to: string) => SimulatedLife,
): Promise<void> {
  const context = readContext();
  if (options.curl && options.to !== undefined) {
    const { url, publicUrl } = locateServer(context);
    return printCommands(url, inOrderOfTelling(compose(context, publicUrl, options.to)));
  }
  const connection = await connect(context);
  const { organizationId, address } = await choose(connection, target, options.to);
  const life = compose(context, connection.publicUrl, address);
  const told = inOrderOfTelling(life);
  if (options.curl) printCommands(connection.url, told);
  else await playLife(connection, organizationId, life, told);
}

function inOrderOfTelling({ deliveries }: SimulatedLife): readonly ProviderDelivery[] {
  return deliveries.length === 1 ? deliveries : inAnyOrder(deliveries, REPEATS, randomInt);
}

function printCommands(url: string, told: readonly ProviderDelivery[]): void {
  const commands = told.map((delivery) => (told.length === 1 ? '' : `# ${delivery.tells}\n`) + curlCommand(url, delivery));
  console.log(commands.join('\n\n'));
}

/** `to` if it is one of ours, else the first of our addresses. */
async function choose(connection: Connection, target: Target, to: string | undefined): Promise<OurAddress> {
  const { viewer } = await ask<{ viewer: { organizations: OrganizationWithSenders[] } }>(
    connection,
    '{ viewer { organizations { id senders { channel address provider } } } }',
  );
  const ours = ourAddresses(viewer.organizations, target);
  const chosen = chooseAddress(ours, to);
  if (chosen) return chosen;
  const { channel, provider } = target;
  if (ours.length === 0)
    throw new CommandError(
      `No organization has a sender where ${channel} by ${provider} arrives. Give it one with the mutation createSender(channel: ${channel}, provider: ${provider}, …).`,
    );
  const some = ours.slice(0, 5).map(({ address }) => address);
  throw new CommandError(`${to} belongs to no organization here. These do: ${some.join(', ')}${ours.length > 5 ? ', …' : ''}`);
}
