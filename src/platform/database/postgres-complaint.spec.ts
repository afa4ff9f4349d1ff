import { complaintOf } from './postgres-complaint.js';

const ROOM = 1e9;
const FATAL =
  '2026-11-26 UTC [7] FATAL:  could not write lock file "postmaster.pid": No space left on device\nLOG:  database system is shut down\n';

describe('Why PostgreSQL does not start', () => {
  it.each([
    ['its last complaint', FATAL, 'could not write lock file "postmaster.pid": No space left on device'],
    ['its last words, where it has no complaint', 'postgres: error while loading\nlibicu\n', 'libicu'],
    ['how it ended, where the log is empty', '', 'ended with 1'],
    ['how it ended, where the log has blanks alone', ' \n', 'ended with 1'],
    ['how it ended, where the log was cut before the reason', '2026-11-26 UTC [7] FATAL:  ', 'ended with 1'],
  ])('is %s', (_what, said, why) => {
    expect(complaintOf(said, 'ended with 1', ROOM)).toBe(why);
  });

  it('is the disk besides, where that is full', () => {
    expect(complaintOf('', 'ended with 1', 3_200_000)).toBe('ended with 1; the disk is full: 3 MB are free');
  });
});
