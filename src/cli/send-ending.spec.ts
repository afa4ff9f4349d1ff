import { ActivityStatus } from '../core/adapters/activity-status.js';
import { ending, isOver } from './send-ending.js';

const error = { code: '30003', message: 'The phone is off.', hint: 'Try again later.' };

describe('How a send ends for who watched it', () => {
  it('is over at these statuses, and waited for at all others', () => {
    expect(
      Object.values(ActivityStatus)
        .filter((status) => !isOver(status))
        .sort(),
    ).toEqual(
      ['ANSWERED', 'DEFERRED', 'INITIATED', 'PROCESSED', 'QUEUED', 'RECEIVED', 'RINGING', 'SENDING', 'SENT', 'UNKNOWN'], // oxfmt-ignore
    );
  });

  it.each([
    ['DELIVERED', true, 'It ended as DELIVERED.'],
    ['COMPLETED', true, 'It ended as COMPLETED.'],
    ['UNDELIVERED', false, 'It ended as UNDELIVERED: The phone is off. (30003)\nTry again later.'],
    ['SCHEDULED', true, 'It leaves when its time comes.'],
    ['SENT', true, 'It is SENT, and nothing was heard for 60 s. The provider has it'],
    ['SENDING', false, 'It is SENDING, and nothing was heard for 60 s. The provider has not taken it yet.'],
    ['UNKNOWN', false, 'It may have been sent or not, and is not tried again.'],
    ['RINGING', true, 'It is under way.'],
  ])('%s: well is %s, and it says so', (status, well, said) => {
    const failed = status === 'UNDELIVERED' ? error : null;
    expect(ending({ status, error: failed }, 'It', 60_000)).toEqual({ well, said: expect.stringContaining(said) as unknown });
  });
});
