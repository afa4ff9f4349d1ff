import { SENDGRID_ACCOUNT } from '../../src/providers/sendgrid/sendgrid-account.js';
import { emailReference } from '../../src/core/adapters/email-reference.js';
import { type GivenActivity } from '../fixtures/read-cases.js';
import { type TestDatabase } from '../support/database.js';
import { insertOwnActivities } from './own-activity.js';

/** Emails as a send leaves them once SendGrid took it: SENT, with the X-Message-Id, and known by it and their recipient. */
export async function insertSentEmails(
  database: TestDatabase,
  emails: readonly GivenActivity[],
  accountId: string = SENDGRID_ACCOUNT,
): Promise<void> {
  await insertOwnActivities(
    database,
    emails.map((email) => ({
      ...email,
      channel: 'EMAIL',
      provider: 'SENDGRID',
      status: 'SENT',
      reference: emailReference(email.externalId, email.to),
      accountId,
    })),
  );
}
