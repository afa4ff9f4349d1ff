import { Unavailable } from '../../platform/errors/unavailable.js';

/** 503: the provider is to send it again. */
export const storageUnavailable = (): Unavailable => new Unavailable('Not stored: the database is away. Send it again.');
