import { type FastifyRequest } from 'fastify';
import { type VerifiedDelivery } from '../adapters/delivery.js';

/** A request that the guard let in. */
export type WebhookRequest = FastifyRequest<{ Params: { provider: string } }> & { delivery?: VerifiedDelivery };
