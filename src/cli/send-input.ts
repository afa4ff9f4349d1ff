import { CommandError } from './command-error.js';

/** What is sent, as it is typed behind `send`. */
export type SendKind = 'sms' | 'whatsapp' | 'email' | 'call';

/** As they were typed. */
export interface SendOptions {
  readonly to: readonly string[];
  readonly from?: string;
  readonly body?: string;
  readonly media?: readonly string[];
  readonly template?: string;
  readonly language?: string;
  readonly variables?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly replyTo?: string;
  readonly say?: string;
  readonly agent?: string;
  readonly record?: boolean;
  readonly at?: string;
  readonly organization?: string;
  readonly idempotencyKey?: string;
  /** Seconds; false: not at all. */
  readonly wait: string | false;
}

export const SENDS = {
  sms: { channel: 'SMS', mutation: 'sendSms', inputType: 'SendSmsInput' },
  whatsapp: { channel: 'WHATSAPP', mutation: 'sendWhatsApp', inputType: 'SendWhatsAppInput' },
  email: { channel: 'EMAIL', mutation: 'sendEmail', inputType: 'SendEmailInput' },
  call: { channel: 'VOICE', mutation: 'placeCall', inputType: 'PlaceCallInput' },
} as const satisfies Record<SendKind, object>;

/** The mutation's input, but for the organization and the key. Throws CommandError for what cannot be read; the rest the server judges. */
export function readSendInput(kind: SendKind, options: SendOptions, now: Date): Readonly<Record<string, unknown>> {
  const { from, to, body, media: mediaUrls, subject, html, cc, bcc, replyTo, say, agent, record } = options;
  if (kind === 'email') {
    if (options.text !== undefined && body !== undefined) throw new CommandError('--text and --body are the same: give one of them.');
    return { from, to, cc, bcc, replyTo, subject, text: options.text ?? body, html, sendAt: readTime(options.at, now) };
  }
  if (to.length > 1) throw new CommandError('--to takes one address here: run the command once for each.');
  const one = { from, to: to[0] };
  if (kind === 'call') return { ...one, agent, say, record };
  return { ...one, body, mediaUrls, sendAt: readTime(options.at, now), ...(kind === 'whatsapp' && { template: readTemplate(options) }) };
}

/** Milliseconds; undefined: it does not wait. Throws CommandError. */
export function readWait({ wait }: Pick<SendOptions, 'wait'>): number | undefined {
  if (wait === false) return undefined;
  if (/^\d{1,5}$/.test(wait)) return Number(wait) * 1000;
  throw new CommandError(`--wait takes a whole number of seconds, not ${wait || 'nothing'}.`);
}

/** The server's words about a field of the input, said of the option it came by. */
export function saidOfOption(reason: string, field: string | undefined): string {
  const [name = '', ...place] = field?.split('.') ?? [];
  const option = OPTION_OF[[name, ...place].join('.')] ?? OPTION_OF[name];
  return field !== undefined && option !== undefined && reason.startsWith(`${field} `) ? option + reason.slice(field.length) : reason;
}

const OPTION_OF: Readonly<Record<string, string>> = {
  organizationId: '--organization',
  from: '--from',
  to: '--to',
  body: '--body',
  mediaUrls: '--media',
  template: '--template',
  'template.variables': '--variables',
  subject: '--subject',
  text: '--text',
  html: '--html',
  cc: '--cc',
  bcc: '--bcc',
  replyTo: '--reply-to',
  say: '--say',
  agent: '--agent',
  sendAt: '--at',
  idempotencyKey: '--idempotency-key',
};

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

function readTime(at: string | undefined, now: Date): string | undefined {
  if (at === undefined) return undefined;
  const time = ISO.test(at) ? new Date(at) : new Date(NaN);
  if (Number.isNaN(time.getTime()))
    throw new CommandError(`--at takes a time such as 2026-11-25T08:00:00Z (without Z: this machine's), not ${at || 'nothing'}.`);
  if (time <= now) throw new CommandError(`--at is in the past: ${time.toISOString()}. Without --at it leaves now.`);
  return time.toISOString();
}

function readTemplate({ template: id, language, variables }: SendOptions): object | undefined {
  if (id !== undefined) return { id, language, variables: variables === undefined ? undefined : readVariables(variables) };
  if (language !== undefined || variables !== undefined) throw new CommandError('--language and --variables are for a --template.');
  return undefined;
}

function readVariables(typed: string): unknown {
  try {
    return JSON.parse(typed) as unknown;
  } catch (cause) {
    throw new CommandError(
      `--variables takes JSON, such as '{"1": "Ana"}' with quotes around it for the shell, not ${typed || 'nothing'}.`,
      {
        cause,
      },
    );
  }
}
