import { type MediaInstance } from 'twilio/lib/rest/api/v2010/account/message/media.js';
import { type DraftAttachment } from '../../core/adapters/activity-draft.js';
import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { isListedId } from './listed-fields.js';

/** What is read of a file in the list of a message's files. */
export type MediaInList = Pick<MediaInstance, 'sid' | 'accountSid' | 'parentSid' | 'contentType'>;

/** As the message's webhook would have named it. Source: Twilio docs, Media subresource. */
export function listedFile({ sid, accountSid, parentSid, contentType }: MediaInList): DraftAttachment | undefined {
  if (![sid, accountSid, parentSid].every(isListedId)) return undefined;
  return {
    key: sid,
    contentType: replaceUnstorable(contentType || 'application/octet-stream'),
    sourceUrl: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/${parentSid}/Media/${sid}`,
  };
}
