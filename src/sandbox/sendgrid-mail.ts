import { jsonSchemas } from '../platform/json/json-schemas.js';

/** An error as SendGrid's API says it. */
export interface SendGridError {
  readonly message: string;
  readonly field: string | null;
  readonly help: string | null;
}

export interface SendGridRefusal {
  readonly status: number;
  readonly errors: readonly SendGridError[];
}

interface Address {
  readonly email: string;
  readonly name?: string;
}

interface Personalization {
  readonly to?: readonly Address[];
  readonly cc?: readonly Address[];
  readonly bcc?: readonly Address[];
  readonly subject?: string;
  readonly custom_args?: Readonly<Record<string, string>>;
  readonly send_at?: number;
}

/** What we need to read of a request. */
export interface Mail {
  readonly personalizations?: readonly Personalization[];
  readonly from?: Address;
  readonly reply_to?: Address;
  readonly subject?: string;
  readonly content?: readonly { readonly type?: string; readonly value?: string }[];
  readonly template_id?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly categories?: readonly string[];
  readonly custom_args?: Readonly<Record<string, string>>;
  readonly send_at?: number;
  readonly mail_settings?: { readonly sandbox_mode?: { readonly enable?: boolean } };
  readonly tracking_settings?: { readonly open_tracking?: { readonly enable?: boolean } };
}

/** One copy of a mail, to one address. */
export interface Copy {
  readonly email: string;
  readonly subject: string;
  readonly customArgs: Readonly<Record<string, string>>;
}

const MOST_RECIPIENTS = 1000;
const LONGEST_CUSTOM_ARGS_BYTES = 10_000;
const LATEST_SECONDS = 72 * 60 * 60;
const HELP = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html';
const ADDRESS = /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]+\.[^\s@,;<>"]+$/;
const UNVERIFIED = /^unverified(?:\+.*)?@/i;

const address = { type: 'object', properties: { email: { type: 'string' }, name: { type: 'string' } } };
const addresses = { type: 'array', items: address };
const texts = { type: 'object', additionalProperties: { type: 'string' } };
const isMail = jsonSchemas.compile<Mail>({
  type: 'object',
  properties: {
    personalizations: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          to: addresses,
          cc: addresses,
          bcc: addresses,
          subject: { type: 'string' },
          custom_args: texts,
          send_at: { type: 'integer' },
        },
      },
    },
    from: address,
    reply_to: address,
    subject: { type: 'string' },
    content: { type: 'array', items: { type: 'object' } },
    template_id: { type: 'string' },
    headers: texts,
    categories: { type: 'array', items: { type: 'string' } },
    custom_args: texts,
    send_at: { type: 'integer' },
    mail_settings: { type: 'object' },
    tracking_settings: { type: 'object' },
  },
});

/** The mail that is asked for, or why SendGrid refuses it. Source: SendGrid docs, Mail Send errors. */
export function readMail(body: unknown, nowSeconds: number): Mail | SendGridRefusal {
  if (!isMail(body)) {
    const [problem] = isMail.errors ?? [];
    return refusal([error('Bad Request', problem?.instancePath.slice(1).replaceAll('/', '.') || null)]);
  }
  if (UNVERIFIED.test(body.from?.email ?? ''))
    return refusal(
      [error('The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.', 'from')],
      403,
    );
  const errors = [...errorsOfRecipients(body), ...errorsOfContent(body), ...errorsOfLimits(body, nowSeconds)];
  return errors.length ? refusal(errors) : body;
}

/** Each copy that goes out: to, cc and bcc alike. */
export function copiesOf(mail: Mail): readonly Copy[] {
  return (mail.personalizations ?? []).flatMap((one) => {
    const shared = { subject: one.subject ?? mail.subject ?? '', customArgs: { ...mail.custom_args, ...one.custom_args } };
    return recipientsOf(one).map(({ email }) => ({ email, ...shared }));
  });
}

function errorsOfRecipients({ personalizations = [] }: Mail): SendGridError[] {
  if (personalizations.length === 0)
    return [
      error(
        'The personalizations field is required and must have at least one personalization.',
        'personalizations',
        '-Personalizations-Errors',
      ),
    ];
  return personalizations.flatMap((one, i) => {
    const field = `personalizations.${i}`;
    if (!one.to?.length)
      return [
        error(
          'The to array is required for all personalization objects, and must have at least one email object with a valid email address.',
          `${field}.to`,
          'message.personalizations.to',
        ),
      ];
    const bad = (['to', 'cc', 'bcc'] as const).flatMap((list) =>
      (one[list] ?? []).flatMap(({ email = '' }, n) =>
        ADDRESS.test(email)
          ? []
          : [error('Does not contain a valid address.', `${field}.${list}.${n}.email`, 'message.personalizations.to')],
      ),
    );
    if (bad.length) return bad;
    const all = recipientsOf(one).map(({ email }) => email.toLowerCase());
    const twice = all.find((email, n) => all.indexOf(email) !== n);
    if (twice === undefined) return [];
    return [
      error(
        `Each email address in the personalization block should be unique between to, cc, and bcc. We found the first duplicate instance of [${twice}] in the ${field}.to field.`,
        field,
        'message.recipient-errors',
      ),
    ];
  });
}

function errorsOfContent({ from, subject, content = [], template_id, personalizations = [] }: Mail): SendGridError[] {
  const errors: SendGridError[] = [];
  if (!from?.email)
    errors.push(
      error(
        'The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter.  e.g. {"email" : "example@example.com"}  or {"email" : "example@example.com", "name" : "Example Recipient"}.',
        'from.email',
        'message.from',
      ),
    );
  else if (!ADDRESS.test(from.email)) errors.push(error('Does not contain a valid address.', 'from.email', 'message.from'));
  if (template_id) return errors;
  if (!subject && !personalizations.every((one) => one.subject))
    errors.push(
      error(
        'The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.',
        'subject',
        'message.subject',
      ),
    );
  if (content.length === 0)
    errors.push(
      error(
        'Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block. We typically suggest both text/plain and text/html blocks are included, but only one block is required.',
        'content',
        'message.content',
      ),
    );
  content.forEach(({ value }, i) => {
    if (!value)
      errors.push(
        error('The content value must be a string at least one character in length.', `content.${i}.value`, 'message.content.value'),
      );
  });
  if (content.findIndex(({ type }) => type === 'text/plain') > 0)
    errors.push(
      error(
        'If present, text/plain and text/html may only be provided once, and text/plain must be first, followed by text/html, followed by any other content.',
        'content',
        'message.content',
      ),
    );
  return errors;
}

function errorsOfLimits({ personalizations = [], custom_args, send_at }: Mail, nowSeconds: number): SendGridError[] {
  const errors: SendGridError[] = [];
  if (personalizations.length > MOST_RECIPIENTS)
    errors.push(
      error(`There is a limit of ${MOST_RECIPIENTS} personalizations per request.`, 'personalizations', '-Personalizations-Errors'),
    );
  else if (personalizations.flatMap(recipientsOf).length > MOST_RECIPIENTS)
    errors.push(
      error(
        `The total number of recipients must be no more than ${MOST_RECIPIENTS}. This includes all recipients defined within the to, cc, and bcc parameters, across each object that you include in the personalizations array.`,
        'personalizations',
        '-Personalizations-Errors',
      ),
    );
  for (const args of [custom_args, ...personalizations.map((one) => one.custom_args)])
    if (args && Buffer.byteLength(JSON.stringify(args)) > LONGEST_CUSTOM_ARGS_BYTES)
      errors.push(error('The total size of custom_args must be less than 10000 bytes.', 'custom_args', 'message.custom_args'));
  for (const at of [send_at, ...personalizations.map((one) => one.send_at)])
    if (at !== undefined && at > nowSeconds + LATEST_SECONDS)
      errors.push(error('Scheduling more than 72 hours in advance is forbidden.', 'send_at', 'message.send_at'));
  return errors;
}

const recipientsOf = ({ to = [], cc = [], bcc = [] }: Personalization) => [...to, ...cc, ...bcc];

function error(message: string, field: string | null, help?: string): SendGridError {
  return { message, field, help: help === undefined ? null : `${HELP}#${help}` };
}

function refusal(errors: readonly SendGridError[], status = 400): SendGridRefusal {
  return { status, errors };
}
