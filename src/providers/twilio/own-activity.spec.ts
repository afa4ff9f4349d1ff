import { describe, expect, it } from '@jest/globals';
import { ownActivityOf } from './own-activity.js';

const ID = '62feb409-ca6e-420f-a57b-7505480c0a8c';

describe('ownActivityOf', () => {
  it.each([
    [`/api/webhooks/sms/twilio?centralita_activity=${ID}`, ID],
    [`/api/webhooks/sms/twilio?bodySHA256=ab&centralita_activity=${ID}&x=1`, ID],
    [`/api/webhooks/sms/twilio?centralita_activity=${ID}&centralita_activity=other`, ID],
    ['/api/webhooks/sms/twilio?centralita_activity=other', undefined],
    [`/api/webhooks/sms/twilio?Centralita_Activity=${ID}`, undefined],
    ['/api/webhooks/sms/twilio?centralita_activity', undefined],
    [`/api/webhooks/sms/centralita_activity=${ID}`, undefined],
    ['/api/webhooks/sms/twilio', undefined],
  ])('of %s is %s', (url, id) => expect(ownActivityOf(url)).toBe(id));
});
