import { type JsonObject } from '../../core/adapters/activity-draft.js';
import { type OutboundTemplate } from '../../core/adapters/outbound.js';

const NUMBERED = /^\d{1,4}$/;

/**
 * A template with what fills the places of its body: in the order of their numbers, or each by its name. Source: Meta, WhatsApp Cloud API,
 * Template messages; Templates, Parameter formats.
 */
export function templateMessage({ id, language, variables }: OutboundTemplate): JsonObject {
  const parameters = parametersOf(Object.entries(variables));
  return {
    name: id,
    language: { code: language ?? '' },
    ...(parameters.length > 0 && { components: [{ type: 'body', parameters }] }),
  };
}

function parametersOf(places: readonly (readonly [name: string, text: string])[]): readonly JsonObject[] {
  if (places.some(([name]) => !NUMBERED.test(name))) return places.map(([name, text]) => ({ type: 'text', parameter_name: name, text }));
  return [...places].sort(([a], [b]) => Number(a) - Number(b)).map(([, text]) => ({ type: 'text', text }));
}
