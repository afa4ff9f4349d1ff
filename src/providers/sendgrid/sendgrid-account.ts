/** The one account there is: that of the environment. SendGrid's webhooks name none. */
export const SENDGRID_ACCOUNT = 'default';
