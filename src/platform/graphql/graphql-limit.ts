/** Injects the RateLimit of GraphQL operations, shared by HTTP and sockets. */
export const GRAPHQL_LIMIT = Symbol('GRAPHQL_LIMIT');
