/** What our own id of an activity is called where a provider carries it: SendGrid's custom argument, and the parameter of Twilio's callback URLs. */
export const ACTIVITY_PARAMETER = 'centralita_activity';
