/** The medium of an activity. */
export const Channel = { VOICE: 'VOICE', WHATSAPP: 'WHATSAPP', EMAIL: 'EMAIL', SMS: 'SMS' } as const;
export type Channel = (typeof Channel)[keyof typeof Channel];

/** Who carries it. */
export const Provider = { TWILIO: 'TWILIO', SENDGRID: 'SENDGRID', META: 'META' } as const;
export type Provider = (typeof Provider)[keyof typeof Provider];

export const Direction = { INBOUND: 'INBOUND', OUTBOUND: 'OUTBOUND' } as const;
export type Direction = (typeof Direction)[keyof typeof Direction];
