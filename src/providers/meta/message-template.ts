import { type Template } from '../../core/adapters/outbound.js';
import { listAt, textAt } from './payload-fields.js';

const PLACE = /\{\{\s*(\w+)\s*\}\}/g;

/** A template as Meta lists it; undefined for what is none. Source: Meta, WhatsApp Business Management API, Message templates. */
export function readTemplate(item: unknown): Template | undefined {
  const [name, language] = [textAt(item, 'name'), textAt(item, 'language')];
  if (name === undefined || language === undefined) return undefined;
  const components = listAt(item, 'components');
  const body = textAt(
    components.find((component) => typeOf(component) === 'BODY'),
    'text',
  );
  const [unfillable, status] = [components.flatMap(unfillableOf), textAt(item, 'status')];
  return {
    id: name,
    name,
    language,
    body: body ?? '',
    variables: placesIn(body ?? ''),
    approved: status === 'APPROVED',
    ...(status !== undefined && status !== 'APPROVED' && { unapproved: true }),
    ...(unfillable.length && { unfillable }),
  };
}

/**
 * What a message by the template must bring beside the text: the file, place or variable of its header, the end of a button's address. Source:
 * Meta, WhatsApp Business Management API, Template components.
 */
function unfillableOf(component: unknown): readonly string[] {
  if (typeOf(component) === 'HEADER') {
    const format = textAt(component, 'format')?.toUpperCase() ?? 'TEXT';
    return format === 'TEXT' && !placesIn(textAt(component, 'text') ?? '').length ? [] : [`HEADER ${format}`];
  }
  if (typeOf(component) !== 'BUTTONS') return [];
  const varies = (button: unknown): boolean => typeOf(button) === 'URL' && placesIn(textAt(button, 'url') ?? '').length > 0;
  return listAt(component, 'buttons').some(varies) ? ['BUTTONS URL'] : [];
}

const typeOf = (part: unknown): string | undefined => textAt(part, 'type')?.toUpperCase();

/** Each place once, in the order of the text. */
function placesIn(body: string): readonly string[] {
  return [...new Set(Array.from(body.matchAll(PLACE), ([, name]) => name!))];
}
