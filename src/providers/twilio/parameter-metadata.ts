import { type Json, type JsonObject } from '../../core/adapters/activity-draft.js';
import { boundedText, boundedTexts } from '../../core/adapters/bounded-text.js';
import { type WebhookParameters } from './form.js';

const MAX_NAMES = 100;
const MAX_VALUES_PER_NAME = 20;
const MAX_NAME_LENGTH = 200;
const MAX_VALUE_LENGTH = 16_000;
/** Of all values together. */
const MOST_CHARACTERS = 64_000;

/**
 * Every non-empty parameter but those in `elsewhere`, under Twilio's own name; a repeated name gives a list.
 * Bounded, so that no request can bloat a row: the first 100 names, the first 20 values of each, names cut to 200 characters and
 * values to 16,000, 64,000 together, the cut shown by an `…`. The kept delivery has them whole.
 */
export function metadataOf(parameters: WebhookParameters, elsewhere: (name: string) => boolean): JsonObject {
  const metadata: [string, Json][] = [];
  const bounded = boundedTexts(MAX_VALUE_LENGTH, MOST_CHARACTERS);
  for (const [name, all] of parameters) {
    if (elsewhere(name)) continue;
    const values = all.filter((value) => value !== '').slice(0, MAX_VALUES_PER_NAME);
    const [first] = values;
    if (first === undefined) continue;
    metadata.push([boundedText(name, MAX_NAME_LENGTH), values.length === 1 ? bounded(first) : values.map(bounded)]);
    if (metadata.length === MAX_NAMES) break;
  }
  // fromEntries defines members, so a parameter named `__proto__` is one like any other.
  return Object.fromEntries(metadata);
}
