import { type RawDelivery } from '../../core/adapters/delivery.js';
import { idAt } from './payload-fields.js';
import { readNotification } from './payload.schema.js';

/** A business account's id. */
const ACCOUNT = /^\d{5,25}$/;
/** Meta puts few of them into one request; whoever forges one may put many. */
const MOST_ACCOUNTS = 20;

/** The JSON of a delivery; undefined where its bytes are none. */
export function payloadOf({ reading, body }: RawDelivery): unknown {
  reading.value ??= parse(body);
  return reading.value;
}

/** The WhatsApp Business Accounts that a delivery names, each once. */
export function accountsIn(delivery: RawDelivery): readonly string[] {
  const notification = readNotification(payloadOf(delivery));
  if (typeof notification === 'string') return [];
  const ids = notification.entry.map((entry) => idAt(entry, 'id') ?? '').filter((id) => ACCOUNT.test(id));
  return [...new Set(ids)].slice(0, MOST_ACCOUNTS);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
