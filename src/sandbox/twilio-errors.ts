/** A request that Twilio refuses. */
export interface TwilioRefusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** As Twilio's API says it. */
export function twilioError({ status, code, message }: TwilioRefusal): object {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

export const refuse = (code: number, message: string, status = 400): TwilioRefusal => ({ status, code, message });

/** What Twilio says of a message whose number or sender is one of these. Source: Twilio docs, Error and warning dictionary. */
const OF_MESSAGES: Readonly<Record<number, (to: string, from: string) => TwilioRefusal>> = {
  20003: () => refuse(20003, 'Authenticate', 401),
  20429: () => refuse(20429, 'Too Many Requests', 429),
  21211: (to) => refuse(21211, `The 'To' number ${to} is not a valid phone number.`),
  21212: (_, from) => refuse(21212, `The 'From' number ${from} is not a valid phone number, shortcode, or alphanumeric sender ID.`),
  21408: (to) => refuse(21408, `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}.`),
  21606: (_, from) =>
    refuse(21606, `The From phone number ${from} is not a valid, SMS-capable inbound phone number or short code for your account.`),
  21608: (to) => refuse(21608, `The number ${to} is unverified. Trial accounts cannot send messages to unverified numbers.`),
  21610: () => refuse(21610, 'Attempt to send to unsubscribed recipient'),
  21611: () => refuse(21611, 'SMS queue is full.', 429),
  21612: (to, from) =>
    refuse(21612, `The 'To' phone number: ${to}, is not currently reachable using the 'From' phone number: ${from} via SMS.`),
  21614: (to) => refuse(21614, `'To' number: ${to}, is not a valid mobile number`),
  63007: () => refuse(63007, 'Twilio could not find a Channel with the specified From address'),
};

/** The same of calls. */
const OF_CALLS: Readonly<Record<number, (to: string, from: string) => TwilioRefusal>> = {
  20003: () => refuse(20003, 'Authenticate', 401),
  20429: () => refuse(20429, 'Too Many Requests', 429),
  21210: (_, from) => refuse(21210, `The source phone number provided, ${from}, is not yet verified for your account.`),
  21211: (to) => refuse(21211, `Invalid 'To' Phone Number: ${to}`),
  21212: (_, from) => refuse(21212, `Invalid From Number (caller ID): ${from}`),
  21214: (to) => refuse(21214, `The phone number you are attempting to call, ${to}, cannot be reached.`),
  21215: (to) => refuse(21215, `Account not authorized to call ${to}. Perhaps you need to enable some international permissions.`),
  21216: (to) => refuse(21216, `Account not allowed to call ${to}.`),
  21217: (to) => refuse(21217, `Phone number ${to} does not appear to be valid.`),
};

/** How a message that was taken ends later, and what Twilio says of it. Source: Twilio docs, Error and warning dictionary. */
export const LATE_FAILURES: Readonly<Record<number, { readonly status: 'failed' | 'undelivered'; readonly message: string }>> = {
  30001: { status: 'failed', message: 'Queue overflow' },
  30002: { status: 'failed', message: 'Account suspended' },
  30003: { status: 'undelivered', message: 'Unreachable destination handset' },
  30004: { status: 'undelivered', message: 'Message blocked' },
  30005: { status: 'undelivered', message: 'Unknown destination handset' },
  30006: { status: 'undelivered', message: 'Landline or unreachable carrier' },
  30007: { status: 'undelivered', message: 'Message filtered' },
  30008: { status: 'undelivered', message: 'Unknown error' },
  30034: { status: 'undelivered', message: 'Message from an Unregistered Number' },
  30036: { status: 'failed', message: 'Validity Period Expired' },
  63016: { status: 'failed', message: 'Failed to send freeform message because you are outside the allowed window' },
  63018: { status: 'failed', message: 'Rate limit exceeded for Channel' },
  63019: { status: 'failed', message: 'Media failed to download' },
  63024: { status: 'failed', message: 'Invalid message recipient' },
  63027: { status: 'failed', message: 'Template does not exist for a language and locale' },
  63028: { status: 'failed', message: 'Number of parameters provided does not match the expected number of parameters' },
  63032: { status: 'undelivered', message: 'User is part of an experiment' },
  63049: { status: 'undelivered', message: 'Meta chose not to deliver this WhatsApp marketing message' },
};

/** Twilio's own magic numbers. Source: Twilio docs, Test credentials. */
const MAGIC_TO: Readonly<Record<string, number>> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
};
const MAGIC_FROM: Readonly<Record<string, number>> = { '+15005550001': 21212, '+15005550007': 21606, '+15005550008': 21611 };
const MAGIC_CALLED: Readonly<Record<string, number>> = {
  '+15005550001': 21217,
  '+15005550002': 21214,
  '+15005550003': 21215,
  '+15005550004': 21216,
};
const MAGIC_CALLER: Readonly<Record<string, number>> = { '+15005550001': 21212 };

/** Ours: the last five digits are the code (`+15005530003`), or the text says it (`sandbox:30003`). */
export function codeToPlay(to: string, text: string): number | undefined {
  const code = /^\+150055(\d{5})$/.exec(to)?.[1] ?? /\bsandbox:(\d{5})\b/.exec(text)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** Why a message between these numbers is refused at once; undefined where it is not. */
export function magicRefusal(to: string, from: string, text: string): TwilioRefusal | undefined {
  const code = MAGIC_FROM[from] ?? MAGIC_TO[to] ?? codeToPlay(to, text);
  return code === undefined ? undefined : OF_MESSAGES[code]?.(to, from);
}

/** The same of a call. */
export function magicRefusalOfCall(to: string, from: string): TwilioRefusal | undefined {
  const code = MAGIC_CALLER[from] ?? MAGIC_CALLED[to] ?? codeToPlay(to, '');
  return code === undefined ? undefined : OF_CALLS[code]?.(to, from);
}
