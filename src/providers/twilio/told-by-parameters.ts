import { type NormalizedDelivery } from '../../core/adapters/channel-adapter.js';
import { type VoiceAnswer } from '../../core/adapters/voice-answer.js';
import { parametersOf } from './delivery-parameters.js';
import { type WebhookParameters } from './form.js';
import { oneItem } from './one-item.js';
import { ownActivityOf } from './own-activity.js';
import { type TwilioRequests } from './twilio.adapter.js';

/** Requests whose body is parameters: a form, or a JSON object of the same names. */
export interface ParameterRequests {
  /** `activityId`: our own id of what it is about, where the URL brought it back. */
  normalize(parameters: WebhookParameters, activityId?: string): NormalizedDelivery;
  /** As TwilioRequests has them, of parameters. */
  answer(parameters: WebhookParameters, url: string, voice?: VoiceAnswer): string | undefined;
  answeredBy?(parameters: WebhookParameters): string | undefined;
}

export function toldByParameters(requests: ParameterRequests): TwilioRequests {
  return {
    normalize: (delivery) => {
      const parameters = parametersOf(delivery);
      return parameters ? requests.normalize(parameters, ownActivityOf(delivery.url)) : oneItem('The body is not a JSON object.');
    },
    answer: (delivery, url, voice) => {
      const parameters = parametersOf(delivery);
      return parameters && requests.answer(parameters, url, voice);
    },
    answeredBy: (delivery) => {
      const parameters = parametersOf(delivery);
      return parameters && requests.answeredBy?.(parameters);
    },
  };
}
