import { type Template } from '../../core/adapters/outbound.js';
import { listAt, textAt } from './payload-fields.js';

const PLACE = /\{\{\s*(\w+)\s*\}\}/g;

/** A template as Meta lists it; undefined for what is none. Source: Meta, WhatsApp Business Management API, Message templates. */
export function readTemplate(item: unknown): Template | undefined {
  const [name, language] = [textAt(item, 'name'), textAt(item, 'language')];
  if (name === undefined || language === undefined) return undefined;
  const body = textAt(
    listAt(item, 'components').find((component) => textAt(component, 'type')?.toUpperCase() === 'BODY'),
    'text',
  );
  return { id: name, name, language, body: body ?? '', variables: placesIn(body ?? ''), approved: textAt(item, 'status') === 'APPROVED' };
}

/** Each place once, in the order of the text. */
function placesIn(body: string): readonly string[] {
  return [...new Set(Array.from(body.matchAll(PLACE), ([, name]) => name!))];
}
