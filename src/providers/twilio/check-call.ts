import { type OutboundMessage, type OutboundProblem } from '../../core/adapters/outbound.js';
import { spokenTo } from './call-instructions.js';

/** Source: Twilio docs, Call resource, Create a Call, Twiml. */
const LONGEST_TWIML = 4_000;

/** What Twilio would refuse of a call to anybody. */
export function checkCall({ to, body, call }: OutboundMessage): OutboundProblem | undefined {
  if (call?.agent != null) return undefined;
  const text = call?.say ?? body ?? '';
  if (!text.trim()) return { field: 'say', problem: 'say must have words, where there is no agent to talk.' };
  const over = spokenTo(to, text).length - LONGEST_TWIML;
  return over > 0 ? { field: 'say', problem: `say is too long for a call by about ${over} characters.` } : undefined;
}
