import { type Task } from '../../platform/jobs/task.js';

/** The payload of the job that takes a delivery's bytes away once the files in them are stored. */
export interface EraseDelivery {
  readonly deliveryId: string;
}

export const ERASE_DELIVERY = { name: 'deliveries.erase', concurrency: 1 } as const satisfies Omit<Task<EraseDelivery>, 'run'>;
