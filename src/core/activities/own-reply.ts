/** What a reply of ours answers, as `replyTo` has it. */
export const ownReply = (activityId: string): string => `activity ${activityId}`;
/** The id in the key of what is answered: the provider's name and `replyTo`; undefined where a provider named it. */
export const ownReplyIn = (key: string): string | undefined => /^\S+ activity (\S+)$/.exec(key)?.[1];
