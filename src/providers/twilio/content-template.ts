import { type Template } from '../../core/adapters/outbound.js';

/** What the SDK gives of a template, in the members that are read here. */
export interface TwilioContent {
  readonly sid: string;
  readonly friendlyName: string;
  readonly language: string;
  readonly variables: unknown;
  readonly types: unknown;
}

/** What Twilio calls a template by. */
export const isContentSid = (id: string): boolean => /^HX[0-9a-fA-F]{32}$/.test(id);

/**
 * A template of Twilio's Content API. Its text is the same in each of its types; `approved`: by WhatsApp, without which it may be sent only within
 * 24 hours of the person's last message. Source: Twilio docs, Content API, Content resource.
 */
export function templateOf(content: TwilioContent, approval: unknown): Template {
  const { status } = objectOf(approval);
  return {
    id: content.sid,
    name: content.friendlyName,
    language: content.language,
    body: bodyOf(content.types),
    variables: Object.keys(objectOf(content.variables)),
    approved: status === 'approved',
    ...(typeof status === 'string' && status !== 'approved' && { unapproved: true }),
  };
}

/** A card has a title in place of a body. */
function bodyOf(types: unknown): string {
  const texts = ['body', 'title'].flatMap((member) => Object.values(objectOf(types)).map((type) => objectOf(type)[member]));
  return texts.find((text) => typeof text === 'string') ?? '';
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
