/** READ sees, DRAFT proposes sends that a person approves, SEND sends, ADMIN administers every organization and includes the others. */
export const Scope = { READ: 'READ', DRAFT: 'DRAFT', SEND: 'SEND', ADMIN: 'ADMIN' } as const;
export type Scope = (typeof Scope)[keyof typeof Scope];
