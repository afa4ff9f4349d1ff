import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { type GivenActivity } from '../fixtures/read-cases.js';
import { type TestServer } from '../support/server.js';
import { entryOf, notificationOf, phoneNumberId, wamid } from './meta.js';
import { inboundMail, sendGridEvents, type SendGridKeys } from './sendgrid.js';
import { form, type Request, SMS_PATH } from './twilio.js';
import { WHATSAPP_PATH } from './whatsapp.js';

/** The times the provider tells, the same in every telling: some minutes ago, in whole seconds. */
const START = Math.floor(Date.now() / 1000) - 600;

const number = () => `+346${String(randomBytes(4).readUInt32BE()).padStart(10, '0').slice(-8)}`;

/** The ids and addresses of one telling: each is made when it is first asked for, and known by its name afterwards. */
export class Names {
  private readonly made = new Map<string, string>();

  of(name: string, make: () => string): string {
    let value = this.made.get(name);
    if (value === undefined) this.made.set(name, (value = make()));
    return value;
  }

  sid(name: string, prefix = 'SM'): string {
    return this.of(name, () => prefix + randomBytes(16).toString('hex'));
  }

  number(name: string): string {
    return this.of(name, number);
  }

  /** Text with the names in place of what was made for them, so that two tellings compare. */
  hidden(text: string): string {
    // Of a mail without an id its content is the id.
    let hidden = text.replace(/\bsha256:[0-9a-f]{64}/g, 'sha256:<hash>');
    for (const [name, value] of this.made) hidden = hidden.replaceAll(value.replace(/^\+/, ''), `<${name}>`);
    return hidden;
  }
}

/** All that a provider tells of some calls, messages or emails on one channel, each delivery once and in the order it happened. */
export interface Life {
  readonly channel: string;
  readonly provider: string;
  /** The address of ours that it is about. */
  us(names: Names): string;
  /** What we had sent before. */
  given?(names: Names, organization: string): readonly GivenActivity[];
  tell(names: Names, from: Teller): readonly Request[];
}

/** Who signs. */
export interface Teller {
  readonly server: TestServer;
  readonly sendGrid: SendGridKeys;
}

const VOICE_PATH = '/api/webhooks/voip/twilio';
const EMAIL_PATH = '/api/webhooks/email/twilio';

const twilioMessages =
  (prefix: string, path: string) =>
  (names: Names, { server }: Teller) => {
    const [us, ana] = [names.number('us'), names.number('ana')];
    const message = (fields: Record<string, string>) =>
      form(server, { AccountSid: server.accountSid, ApiVersion: '2010-04-01', ...fields }, path);
    return {
      incoming: (name: string, fields: Record<string, string>) =>
        message({ MessageSid: names.sid(name), SmsStatus: 'received', From: prefix + ana, To: prefix + us, NumMedia: '0', ...fields }),
      status: (name: string, status: string, fields: Record<string, string> = {}) =>
        message({ MessageSid: names.sid(name), MessageStatus: status, SmsStatus: status, From: prefix + us, To: prefix + ana, ...fields }),
      message,
    };
  };

const SMS: Life = {
  channel: 'SMS',
  provider: 'TWILIO',
  us: (names) => names.number('us'),
  tell: (names, from) => {
    const { incoming, status, message } = twilioMessages('', SMS_PATH)(names, from);
    const media = { NumMedia: '1', MediaUrl0: `https://api.twilio.com/${names.sid('media', 'ME')}`, MediaContentType0: 'image/png' };
    return [
      incoming('question', { Body: '¿a qué hora?' }),
      // Asked again at the fallback URL.
      incoming('question', { Body: '¿a qué hora?', ErrorCode: '11200', ErrorUrl: 'https://hub.example/x' }),
      // Of a messaging service that has not chosen a number yet: it names no address of ours, and waits.
      message({ MessageSid: names.sid('answer'), MessageStatus: 'accepted', SmsStatus: 'accepted', To: names.number('ana') }),
      status('answer', 'queued'),
      status('answer', 'sent'),
      status('answer', 'delivered', { RawDlrDate: '2611241030' }),
      incoming('photo', { Body: '', ...media }),
      status('lost', 'sending'),
      status('lost', 'sent'),
      status('lost', 'undelivered', { ErrorCode: '30005' }),
      incoming('stop', { Body: 'STOP' }),
    ];
  },
};

const WHATSAPP: Life = {
  channel: 'WHATSAPP',
  provider: 'TWILIO',
  us: (names) => names.number('us'),
  tell: (names, from) => {
    const { incoming, status } = twilioMessages('whatsapp:', WHATSAPP_PATH)(names, from);
    const user = names.of('user', () => `US.${randomBytes(8).toString('hex')}`);
    const ana = { ProfileName: 'Ana', WaId: names.number('ana').slice(1) };
    return [
      incoming('question', { Body: 'hola', MessageType: 'text', ...ana }),
      status('answer', 'queued'),
      status('answer', 'sent', { ChannelInstallSid: 'XE1', ChannelPrefix: 'whatsapp' }),
      status('answer', 'delivered', { EventType: 'DELIVERED' }),
      status('answer', 'read', { EventType: 'READ' }),
      incoming('button', { Body: 'Sí', ButtonText: 'Sí', ButtonPayload: 'yes', OriginalRepliedMessageSid: names.sid('answer'), ...ana }),
      incoming('unseen', { Body: 'sin número', From: `whatsapp:${user}`, ProfileName: 'Ana' }),
      incoming('both', { Body: 'con los dos', From: `whatsapp:${user}`, ...ana }),
      status('template', 'failed', { ErrorCode: '63016', ChannelStatusMessage: 'Outside the window' }),
    ];
  },
};

const VOICE: Life = {
  channel: 'VOICE',
  provider: 'TWILIO',
  us: (names) => names.number('us'),
  tell: (names, { server }) => {
    const [us, ana] = [names.number('us'), names.number('ana')];
    const call = (name: string, fields: Record<string, string>) =>
      form(server, { AccountSid: server.accountSid, CallSid: names.sid(name, 'CA'), ...fields }, VOICE_PATH);
    const at = (second: number) => new Date((START + second) * 1000).toUTCString().replace('GMT', '+0000');
    const incoming = { Direction: 'inbound', From: ana, To: us };
    const outgoing = { Direction: 'outbound-api', From: us, To: ana, CallbackSource: 'call-progress-events' };
    const leg = { Direction: 'outbound-dial', From: ana, To: 'client:agente', ParentCallSid: names.sid('incoming', 'CA') };
    const recording = { RecordingSid: names.sid('recording', 'RE'), RecordingSource: 'RecordVerb', RecordingChannels: '1' };
    const url = `https://api.twilio.com/${names.sid('recording', 'RE')}`;
    const progress = (n: number) => ({ SequenceNumber: String(n), Timestamp: at(n), CallbackSource: 'call-progress-events' });
    return [
      call('incoming', { ...incoming, CallStatus: 'ringing', CallerName: 'ANA' }),
      // Asked again at the fallback URL.
      call('incoming', { ...incoming, CallStatus: 'ringing', CallerName: 'ANA', ErrorCode: '11200', ErrorUrl: 'https://hub.example/x' }),
      call('incoming', { ...incoming, CallStatus: 'in-progress', Digits: '1', msg: 'Gather End' }),
      call('incoming', { ...incoming, CallStatus: 'in-progress', Digits: '2', msg: 'Gather End' }),
      call('incoming', { ...incoming, CallStatus: 'in-progress', SpeechResult: 'ventas', Confidence: '0.9' }),
      call('leg', { ...leg, CallStatus: 'initiated', ...progress(0) }),
      call('leg', { ...leg, CallStatus: 'ringing', ...progress(1) }),
      call('leg', { ...leg, CallStatus: 'completed', CallDuration: '40', ...progress(2) }),
      call('incoming', {
        ...incoming,
        CallStatus: 'in-progress',
        DialCallSid: names.sid('leg', 'CA'),
        DialCallStatus: 'completed',
        DialCallDuration: '40',
      }),
      call('incoming', {
        ...incoming,
        CallStatus: 'completed',
        CallDuration: '47',
        SequenceNumber: '0',
        Timestamp: at(50),
        CallbackSource: 'call-progress-events',
      }),
      call('incoming', { RecordingStatus: 'in-progress', RecordingUrl: url, ...recording }),
      call('incoming', { RecordingStatus: 'completed', RecordingDuration: '12', RecordingUrl: url, ...recording }),
      call('message', { ...incoming, CallStatus: 'completed', RecordingUrl: url, RecordingDuration: '12', ...recording }),
      call('message', {
        ...incoming,
        CallStatus: 'completed',
        RecordingUrl: url,
        RecordingSid: names.sid('recording', 'RE'),
        TranscriptionSid: names.sid('transcription', 'TR'),
        TranscriptionStatus: 'completed',
        TranscriptionText: 'Hola, soy Ana',
      }),
      call('outgoing', { ...outgoing, CallStatus: 'initiated', ...progress(0) }),
      call('outgoing', { ...outgoing, CallStatus: 'ringing', ...progress(1) }),
      call('outgoing', { ...outgoing, CallStatus: 'in-progress', ...progress(2) }),
      call('outgoing', { ...outgoing, CallStatus: 'completed', CallDuration: '9', ...progress(3) }),
      call('busy', { ...outgoing, CallStatus: 'busy', SipResponseCode: '486', ...progress(1) }),
    ];
  },
};

const META: Life = {
  channel: 'WHATSAPP',
  provider: 'META',
  us: (names) => names.of('us', phoneNumberId),
  tell: (names) => {
    const [us, ana, newNumber] = [names.of('us', phoneNumberId), names.number('ana').slice(1), names.number('new').slice(1)];
    const id = (name: string) => names.of(name, wamid);
    const post = (...values: object[]) => notificationOf(values.map((value) => entryOf('104455667788990', us, value)));
    const said = (name: string, second: number, content: object) => ({
      contacts: [{ profile: { name: 'Ana' }, wa_id: ana }],
      messages: [{ id: id(name), from: ana, timestamp: String(START + second), ...content }],
    });
    const became = (name: string, status: string, second: number, more: object = {}) => ({
      statuses: [{ id: id(name), status, timestamp: String(START + second), recipient_id: ana, ...more }],
    });
    const about = (name: string) => ({ message_id: id(name) });
    const unavailable = { type: 'unsupported', errors: [{ code: 131_060, title: 'This message is unavailable.' }] };
    return [
      post(said('question', 0, { type: 'text', text: { body: 'el martes' } })),
      post(said('unseen', 40, unavailable)),
      post(said('unseen', 38, { type: 'text', text: { body: 'por fin' } })),
      post(said('never', 41, unavailable)),
      post(said('like', 5, { type: 'reaction', reaction: { ...about('question'), emoji: '👍' } })),
      post(said('unlike', 8, { type: 'reaction', reaction: about('question') })),
      post(
        said('edit', 9, {
          type: 'edit',
          edit: { original_message_id: id('question'), message: { type: 'text', text: { body: 'el lunes' } } },
        }),
      ),
      post(became('answer', 'sent', 10), became('template', 'sent', 10)),
      post(became('answer', 'delivered', 11)),
      // Statuses of two messages in one request, one of them told before.
      post(became('answer', 'delivered', 11), became('answer', 'read', 12, { pricing: { billable: false } })),
      post(became('template', 'failed', 13, { errors: [{ code: 131_026, title: 'Message undeliverable' }] })),
      ...['pending', 'captured', 'failed'].map((status, i) =>
        post(became('answer', status, 13 + i, { type: 'payment', payment: { reference_id: 'r1', transaction: { status } } })),
      ),
      post(said('reply', 14, { type: 'text', text: { body: '?' }, context: { id: id('answer') } })),
      post({
        messages: [
          {
            id: id('system'),
            from: ana,
            timestamp: String(START + 20),
            type: 'system',
            system: { type: 'user_changed_number', wa_id: newNumber },
          },
        ],
      }),
      post({ messages: [{ id: id('after'), from: newNumber, timestamp: String(START + 30), type: 'text', text: { body: 'soy yo' } }] }),
    ];
  },
};

const domain = (names: Names) => names.of('domain', () => `${randomBytes(6).toString('hex')}.example`);
const mailId = (names: Names, name: string) => names.of(name, () => randomBytes(16).toString('base64url'));

const SENT_EMAIL: Life = {
  channel: 'EMAIL',
  provider: 'SENDGRID',
  us: domain,
  given: (names, organization) =>
    ['read', 'bounced', 'complained'].map((name) => ({
      id: names.of(`our ${name}`, randomUUID),
      organization,
      externalId: mailId(names, name),
      from: `hola@${domain(names)}`,
      to: `${names.of('ana', () => `ana.${randomBytes(4).toString('hex')}`)}@cliente.example`,
    })),
  tell: (names, { sendGrid }) => {
    const ana = `${names.of('ana', () => '')}@cliente.example`;
    const event = (name: string, word: string, second: number, more: object = {}) => ({
      email: ana,
      event: word,
      timestamp: START + second,
      sg_event_id: names.of(`${name} ${word} ${second}`, randomUUID),
      sg_message_id: `${mailId(names, name)}.recvd-1-2.0`,
      ...more,
    });
    const own = (name: string) => ({ centralita_activity: names.of(`our ${name}`, randomUUID) });
    const batches = [
      [event('read', 'processed', 0, own('read')), event('bounced', 'processed', 0), event('complained', 'processed', 0)],
      [event('read', 'deferred', 1, { response: '451 later', attempt: '1' }), event('read', 'delivered', 2, { response: '250 OK' })],
      // Half of it was in the batch before.
      [
        event('read', 'delivered', 2, { response: '250 OK' }),
        event('bounced', 'bounce', 3, { status: '5.1.1', reason: '550 nobody', type: 'bounce' }),
      ],
      [event('read', 'open', 4, { sg_machine_open: true, useragent: 'A', ...own('read') }), event('complained', 'delivered', 4)],
      [event('read', 'open', 6, { sg_machine_open: false, useragent: 'B' }), event('read', 'click', 7, { url: 'https://norte.example/a' })],
      [event('complained', 'open', 8), event('complained', 'spamreport', 9)],
      // An asynchronous bounce has no message id but the mail's own.
      [event('read', 'bounce', 10, { sg_message_id: undefined, 'smtp-id': `<${mailId(names, 'read')}@geopod-ismtpd-1>`, status: '4.2.2' })],
      // Somebody in copy.
      [event('read', 'spamreport', 11, { ...own('read'), email: 'jefe@cliente.example' })],
      [event('complained', 'group_resubscribe', 12, { asm_group_id: 7 })],
    ];
    return batches.map((events) => sendGridEvents(sendGrid, events));
  },
};

const RECEIVED_EMAIL: Life = {
  channel: 'EMAIL',
  provider: 'SENDGRID',
  us: domain,
  tell: (names, { sendGrid }) => {
    const us = domain(names);
    const ana = `${names.of('ana', () => `ana.${randomBytes(4).toString('hex')}`)}@cliente.example`;
    const id = (name: string) => `${names.of(name, randomUUID)}@mail.cliente.example`;
    const mail = (
      name: string | undefined,
      second: number,
      text: string,
      to: readonly string[],
      more: { headers?: string; parts?: object } = {},
    ) =>
      inboundMail(sendGrid, {
        headers: [
          ...(name === undefined ? [] : [`Message-ID: <${id(name)}>`]),
          `Date: ${new Date((START + second) * 1000).toUTCString()}`,
          `From: Ana <${ana}>`,
          ...(more.headers === undefined ? [] : [more.headers]),
          '',
        ].join('\r\n'),
        from: `Ana <${ana}>`,
        subject: `asunto de ${text}`,
        text,
        envelope: JSON.stringify({ to: to.map((local) => `${local}@${us}`), from: ana }),
        ...more.parts,
      });
    const file = { fileName: 'menú.txt', type: 'text/plain', content: Buffer.from('hola') };
    return [
      mail('first', 0, 'uno', ['hola']),
      mail('file', 1, 'con fichero', ['hola'], { parts: { html: '<p>con <b>fichero</b></p>', attachment1: file } }),
      mail('answer', 2, 'respuesta', ['hola'], { headers: `In-Reply-To: <${id('first')}>` }),
      mail('two', 3, 'a dos', ['hola', 'ventas']),
      // Without an id of its own: what is in it is its id.
      mail(undefined, 4, `sin id ${names.of('text', randomUUID)}`, ['ventas']),
    ];
  },
};

const TWILIO_EMAIL: Life = {
  channel: 'EMAIL',
  provider: 'TWILIO',
  us: domain,
  tell: (names, { server }) => {
    const ana = `${names.of('ana', () => `ana.${randomBytes(4).toString('hex')}`)}@cliente.example`;
    const event = (name: string, word: string, second: number, more: object = {}) => ({
      message_id: mailId(names, name),
      event_type: word,
      to_email: ana,
      from_email: `hola@${domain(names)}`,
      subject: 'asunto',
      timestamp: START + second,
      ...more,
    });
    const post = (json: unknown): Request => {
      const body = Buffer.from(JSON.stringify(json));
      const path = `${EMAIL_PATH}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
      const signature = getExpectedTwilioSignature(server.authToken, server.publicUrl + path, {});
      return { method: 'POST', path, headers: { 'content-type': 'application/json', 'x-twilio-signature': signature }, body };
    };
    return [
      post(event('read', 'processed', 0)),
      post(event('read', 'delivered', 1)),
      post([event('read', 'delivered', 1), event('read', 'opened', 2, { user_agent: 'A' }), event('bounced', 'processed', 2)]),
      post(event('read', 'opened', 4, { user_agent: 'B' })),
      post(event('read', 'clicked', 5, { url: 'https://norte.example/a' })),
      post(event('bounced', 'bounced', 6, { status: '5.1.1', reason: '550 nobody' })),
      post(event('complained', 'spam_report', 7)),
    ];
  },
};

export const LIVES: readonly (readonly [name: string, life: Life])[] = [
  ['sms/twilio', SMS],
  ['voip/twilio', VOICE],
  ['whatsapp/twilio', WHATSAPP],
  ['whatsapp/meta', META],
  ['email/sendgrid', SENT_EMAIL],
  ['email/sendgrid/inbound', RECEIVED_EMAIL],
  ['email/twilio', TWILIO_EMAIL],
];
