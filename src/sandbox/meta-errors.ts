/** A request that Meta refuses. */
export interface MetaRefusal {
  readonly status: number;
  readonly code: number;
  readonly title: string;
  readonly details?: string;
  readonly subcode?: number;
  readonly type?: 'OAuthException' | 'GraphMethodException';
}

/** As the Graph API says it. Source: Meta, WhatsApp Cloud API, Error codes. */
export function metaError({ code, title, details, subcode, type = 'OAuthException' }: MetaRefusal, fbtraceId: string): object {
  return {
    error: {
      message: title,
      type,
      code,
      ...(subcode !== undefined && { error_subcode: subcode }),
      ...(details !== undefined && { error_data: { messaging_product: 'whatsapp', details } }),
      fbtrace_id: fbtraceId,
    },
  };
}

export const invalid = (sentence: string): MetaRefusal => ({ status: 400, code: 100, title: `(#100) ${sentence}` });

/** What is not there, or not ours. */
export const unknownObject = (id: string): MetaRefusal => ({
  status: 400,
  code: 100,
  subcode: 33,
  type: 'GraphMethodException',
  title:
    `Unsupported post request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. ` +
    'Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api',
});

const coded = (status: number, code: number, title: string, details: string): MetaRefusal => ({
  ...{ status, code, details },
  title: `(#${code}) ${title}`,
});

export const MISSING_PARAMETER = (details: string): MetaRefusal => coded(400, 131008, 'Required parameter is missing', details);
export const UNKNOWN_TEMPLATE = (name: string, language: string): MetaRefusal =>
  coded(404, 132001, 'Template name does not exist in the translation', `template name (${name}) does not exist in ${language}`);
export const WRONG_VARIABLES = (given: number, wanted: number): MetaRefusal =>
  coded(
    400,
    132000,
    'Number of parameters does not match the expected number of params',
    `body: number of localizable_params (${given}) does not match the expected number of params (${wanted})`,
  );

/** What is refused at once, by its code. Source: the same; the HTTP statuses as third parties list them. */
export const REFUSALS: Readonly<Record<number, MetaRefusal>> = {
  190: { status: 401, code: 190, title: 'Error validating access token: Session has expired.', subcode: 463 },
  368: { status: 403, code: 368, title: '(#368) Temporarily blocked for policies violations' },
  80007: coded(429, 80007, 'Rate limit issues', 'The WhatsApp Business Account has reached its rate limit.'),
  130429: coded(429, 130429, 'Rate limit hit', 'Cloud API message throughput has been reached.'),
  131000: coded(500, 131000, 'Something went wrong', 'Message failed to send due to an unknown error.'),
  131016: coded(500, 131016, 'Service unavailable', 'A service is temporarily unavailable.'),
  131021: coded(400, 131021, 'Recipient cannot be sender', 'Sender and recipient phone number is the same.'),
  131030: coded(400, 131030, 'Recipient phone number not in allowed list', 'Add recipient phone number to recipient list and try again.'),
  131031: coded(403, 131031, 'Business Account locked', 'Account has been locked.'),
  131048: coded(429, 131048, 'Spam rate limit hit', 'Too many previous messages were blocked or flagged as spam.'),
  131056: coded(
    429,
    131056,
    '(Business Account, Consumer Account) pair rate limit hit',
    'Too many messages sent to the same recipient in a short period of time.',
  ),
  133010: coded(400, 133010, 'Phone number not registered', 'The phone number is not registered on the WhatsApp Business Platform.'),
};

/** What a message that was taken fails with later, by a status. Source: the same. */
export const LATE_FAILURES: Readonly<Record<number, { readonly title: string; readonly details: string }>> = {
  130472: {
    title: "User's number is part of an experiment",
    details: "Failed to send message because this user's phone number is part of an experiment",
  },
  131026: { title: 'Message undeliverable', details: 'Message Undeliverable.' },
  131042: {
    title: 'Business eligibility payment issue',
    details: 'Message failed to send because there were one or more errors related to your payment method.',
  },
  131047: {
    title: 'Re-engagement message',
    details: 'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  },
  131049: {
    title: 'This message was not delivered to maintain healthy ecosystem engagement.',
    details: 'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.',
  },
  131050: {
    title: 'User has stopped receiving marketing messages from this business',
    details: 'Recipient has stopped marketing messages.',
  },
  131052: { title: 'Media download error', details: 'Failed to download the media sent by the user.' },
  131053: { title: 'Media upload error', details: 'Failed to download the media from the link.' },
};

/** The code that a number's last six digits (`+15005131026`) or the text (`sandbox:131026`) ask for. */
export function codeToPlay(to: string, text: string): number | undefined {
  const code = /^\+?15005(\d{6})$/.exec(to)?.[1] ?? /\bsandbox:(\d{3,6})\b/.exec(text)?.[1];
  return code === undefined ? undefined : Number(code);
}
