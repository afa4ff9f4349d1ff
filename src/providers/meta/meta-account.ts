/** What the environment's account is called here: one app secret signs for all numbers of the app; whose a number is, routing says. */
export const META_ACCOUNT = '';
