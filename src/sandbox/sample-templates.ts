/** A WhatsApp template of the sandbox's account, at Twilio and at Meta. */
export interface SampleTemplate {
  /** Its sid at Twilio ends in this. */
  readonly number: number;
  readonly name: string;
  readonly language: string;
  readonly category: 'UTILITY' | 'MARKETING';
  readonly status: 'APPROVED' | 'PENDING' | 'REJECTED';
  readonly body: string;
  /** An example of each variable, by its number. */
  readonly variables: Readonly<Record<string, string>>;
  readonly header?: string;
  readonly footer?: string;
  readonly replies?: readonly string[];
}

export const SAMPLE_TEMPLATES: readonly SampleTemplate[] = [
  {
    number: 1,
    name: 'appointment_reminder',
    language: 'en',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Hello {{1}}, we expect you on {{2}}. If you cannot come, please tell us here.',
    variables: { 1: 'Ana', 2: 'Monday at 10:00' },
  },
  {
    number: 2,
    name: 'appointment_reminder',
    language: 'es_MX',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Hola {{1}}, te esperamos el {{2}}. Si no puedes venir, avísanos por aquí.',
    variables: { 1: 'Ana', 2: 'lunes a las 10:00' },
  },
  {
    number: 3,
    name: 'order_update',
    language: 'en',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Your order {{1}} is {{2}}.',
    variables: { 1: 'A-1042', 2: 'on its way' },
    footer: 'Centralita sandbox',
    replies: ['Where is it?', 'Talk to us'],
  },
  {
    number: 4,
    name: 'hello_world',
    language: 'en_US',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Welcome and congratulations!! This message demonstrates your ability to send a template.',
    variables: {},
    header: 'Hello World',
  },
  {
    number: 5,
    name: 'spring_offer',
    language: 'en',
    category: 'MARKETING',
    status: 'PENDING',
    body: 'Hello {{1}}, {{2}} off everything until Sunday.',
    variables: { 1: 'Ana', 2: '20 %' },
  },
  {
    number: 6,
    name: 'you_have_won',
    language: 'en',
    category: 'MARKETING',
    status: 'REJECTED',
    body: 'You have won! Write to us to hear what.',
    variables: {},
  },
];

/** A text with its variables filled in. */
export function filled(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (gap, name: string) => variables[name] ?? gap);
}
