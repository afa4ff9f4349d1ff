import { type NormalizedDelivery } from '../../core/adapters/channel-adapter.js';
import { parametersOf } from './delivery-parameters.js';
import { type WebhookParameters } from './form.js';
import { oneItem } from './one-item.js';
import { type TwilioRequests } from './twilio.adapter.js';

/** Requests whose body is parameters: a form, or a JSON object of the same names. */
export interface ParameterRequests {
  normalize(parameters: WebhookParameters): NormalizedDelivery;
  /** TwiML; undefined where none is waited for. `path`: where the request came. */
  answer(parameters: WebhookParameters, path: string): string | undefined;
}

export function toldByParameters(requests: ParameterRequests): TwilioRequests {
  return {
    normalize: (delivery) => {
      const parameters = parametersOf(delivery);
      return parameters ? requests.normalize(parameters) : oneItem('The body is not a JSON object.');
    },
    answer: (delivery) => {
      const parameters = parametersOf(delivery);
      return parameters && requests.answer(parameters, delivery.url.split('?', 1)[0]!);
    },
  };
}
