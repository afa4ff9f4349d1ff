import { type RawDelivery } from '../../core/adapters/delivery.js';
import { parseForm, type WebhookParameters } from './form.js';
import { parseJsonParameters } from './json-parameters.js';

const FORMATS: ReadonlyMap<string, 'form' | 'json'> = new Map([
  ['application/x-www-form-urlencoded', 'form'],
  ['application/json', 'json'],
]);

/** How a delivery's body is to be read; undefined where Twilio sends no such thing. */
export function formatOf(delivery: RawDelivery): 'form' | 'json' | undefined {
  const [mediaType = ''] = (delivery.headers['content-type'] ?? '').split(';', 1);
  return FORMATS.get(mediaType.trim().toLowerCase());
}

/** The parameters of a delivery; undefined where its bytes hold none. */
export function parametersOf(delivery: RawDelivery): WebhookParameters | undefined {
  const { reading, body } = delivery;
  reading.value ??= formatOf(delivery) === 'json' ? parseJsonParameters(body) : parseForm(body);
  return reading.value as WebhookParameters | undefined;
}
