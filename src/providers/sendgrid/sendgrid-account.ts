/** What the environment's account is called here: SendGrid's webhooks name none. */
export const SENDGRID_ACCOUNT = 'default';
