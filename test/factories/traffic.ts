import { type TestServer } from '../support/server.js';
import { type TestOrganization } from './organization.js';
import { inboundSms, type Request, sid, smsStatus } from './twilio.js';

export interface Traffic {
  readonly requests: readonly Request[];
  /** By externalId: how many events each activity must have. */
  readonly events: ReadonlyMap<string, number>;
}

/** About `n` deliveries of an organization: messages in, and messages out with three statuses each; a tenth comes twice. */
export function traffic(server: TestServer, organization: TestOrganization, n: number): Traffic {
  const requests: Request[] = [];
  const events = new Map<string, number>();
  for (let i = 0; requests.length < n; i++) {
    const id = sid('SM');
    const say =
      i % 3
        ? [inboundSms(server, { sid: id, to: organization.number, body: `n ${i}` })]
        : ['queued', 'sent', 'delivered'].map((status) => smsStatus(server, { sid: id, status, from: organization.number }));
    events.set(id, say.length);
    requests.push(...say, ...(i % 10 ? [] : say.slice(0, 1)));
  }
  return { requests, events };
}
