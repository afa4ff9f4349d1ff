import { lowestIdAt } from '../../platform/database/new-id.service.js';

/** A request's body may take five minutes to come, and its commit one. */
const LONGEST_REQUEST_MS = 360_000;

/** What has a lower id is committed, or never will be: an id is made when its request begins. */
export const settledId = (): string => lowestIdAt(new Date(Date.now() - LONGEST_REQUEST_MS));
