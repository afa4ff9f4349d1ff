import { randomBytes } from 'node:crypto';
import { type GraphqlAnswer, gql } from '../support/graphql.js';
import { type StandInWorld } from '../support/stand-in.js';
import { type TestServer } from '../support/server.js';
import { phoneNumberId } from './meta.js';
import { createOrganization, createSender, type TestOrganization } from './organization.js';

/** An organization that can send in every way: its `number` for SMS and calls, and one sender for each other way. */
export interface SendingOrganization extends TestOrganization {
  /** By Twilio. */
  readonly whatsApp: string;
  /** By Meta: a phone number id. */
  readonly meta: string;
  readonly email: string;
}

/** The ways out: channels, by each of their providers. */
export const WAYS = ['SMS', 'WHATSAPP_TWILIO', 'WHATSAPP_META', 'EMAIL', 'CALL'] as const;
export type Way = (typeof WAYS)[number];

/** A time for what is scheduled; `makeDue` brings it about. */
export const LATER = new Date(Date.now() + 3_600_000).toISOString();
/** To whom everything is too much, at Twilio. */
export const TOO_MUCH = '+15005520429';
/** A template that every WhatsApp account of Meta has. */
export const HELLO = { id: 'hello_world', language: 'en_US' };
export const CANCEL = 'mutation($id: ID!) { made: cancelActivity(id: $id) { id status } }';
export const APPROVE =
  'mutation($id: ID!, $body: String) { made: approveActivity(id: $id, body: $body) { id status body approvedBy sentBy } }';

const MUTATIONS: Record<Way, readonly [name: string, input: string]> = {
  SMS: ['sendSms', 'SendSmsInput'],
  WHATSAPP_TWILIO: ['sendWhatsApp', 'SendWhatsAppInput'],
  WHATSAPP_META: ['sendWhatsApp', 'SendWhatsAppInput'],
  EMAIL: ['sendEmail', 'SendEmailInput'],
  CALL: ['placeCall', 'PlaceCallInput'],
};

export const CHANNELS = { SMS: 'SMS', WHATSAPP_TWILIO: 'WHATSAPP', WHATSAPP_META: 'WHATSAPP', EMAIL: 'EMAIL', CALL: 'VOICE' } as const;

export async function createSendingOrganization(server: TestServer, name = 'norte'): Promise<SendingOrganization> {
  const organization = await createOrganization(server, name);
  const whatsApp = newNumber('+1628');
  const meta = phoneNumberId();
  const email = `hola@${organization.id}.example`;
  await createSender(server, organization.id, organization.number, 'VOICE');
  await createSender(server, organization.id, whatsApp, 'WHATSAPP');
  await createSender(server, organization.id, meta, 'WHATSAPP');
  await createSender(server, organization.id, email, 'EMAIL');
  return { ...organization, whatsApp, meta, email };
}

/** A number that nobody else has. */
export function newNumber(prefix = '+3460'): string {
  const length = 12 - prefix.length;
  return prefix + String(randomBytes(6).readUIntBE(0, 6) % 10 ** length).padStart(length, '0');
}

/** Somebody to be written to that way, whom nobody knows yet. */
export function newRecipient(way: Way): string {
  return way === 'EMAIL' ? `ana.${randomBytes(5).toString('hex')}@example.com` : newNumber();
}

export function senderOf(organization: SendingOrganization, way: Way): string {
  return {
    SMS: organization.number,
    WHATSAPP_TWILIO: organization.whatsApp,
    WHATSAPP_META: organization.meta,
    EMAIL: organization.email,
    CALL: organization.number,
  }[way];
}

/** What is said where a test has nothing to say of its own. */
function textOf(way: Way, organization: SendingOrganization, to: string): Record<string, unknown> {
  const common = { organizationId: organization.id, from: senderOf(organization, way) };
  if (way === 'EMAIL') return { ...common, to: [to], subject: 'Hola', text: 'hola' };
  return way === 'CALL' ? { ...common, to, say: 'hola' } : { ...common, to, body: 'hola' };
}

export interface SendAnswer extends GraphqlAnswer {
  /** The activities; of one that was refused none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
  readonly sent: readonly any[];
  /** Of the first of them. */
  readonly id: string;
}

export interface SendOptions {
  /** Over, or beside, what is said by default; undefined takes away. */
  readonly input?: Readonly<Record<string, unknown>>;
  readonly selection?: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

/** One send, with a text if nothing else is said. */
export async function send(
  server: TestServer,
  organization: SendingOrganization,
  way: Way,
  to: string,
  { input = {}, selection = 'id status error { code }', key = organization.key, headers }: SendOptions = {},
): Promise<SendAnswer> {
  const [name, type] = MUTATIONS[way];
  const variables = { input: { ...textOf(way, organization, to), ...input } };
  const answer = await gql(server, key, `mutation($input: ${type}!) { made: ${name}(input: $input) { ${selection} } }`, variables, headers);
  const sent = answer.data ? [answer.data.made].flat() : [];
  return { ...answer, sent, id: sent[0]?.id };
}

/** A person writes to a sender of WhatsApp, which opens its window. Resolves when it is stored. */
export async function openWindow(
  standIn: StandInWorld['standIn'],
  organization: SendingOrganization,
  way: Way,
  from: string,
): Promise<void> {
  const provider = { WHATSAPP_TWILIO: 'TWILIO', WHATSAPP_META: 'META' }[way as string] as 'TWILIO' | 'META' | undefined;
  if (!provider) return;
  standIn.act({ channel: 'WHATSAPP', provider, from, to: senderOf(organization, way), body: 'hola' });
  await standIn.settle();
}
