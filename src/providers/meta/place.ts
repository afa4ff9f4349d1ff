import { type Direction } from '../../core/adapters/channel.js';

/** Where an item stands: its position among all of the delivery, the value it is part of, and the number of ours that it is about. */
export interface Place {
  readonly index: number;
  readonly value: object;
  /** Whether all of that value is about one person. */
  readonly aboutOne: boolean;
  /** What routes it: the number that people see may be another's tomorrow. */
  readonly phoneNumberId: string;
  /** In E.164; the id where Meta leaves it out. */
  readonly number: string;
}

/** Who wrote a message, and to whom: a person to us, or the owner in the phone app to a person. */
export interface Sides {
  readonly direction: Direction;
  /** Of the other party: its number and its business-scoped id, as Meta writes them. */
  readonly ids: readonly (string | undefined)[];
  readonly from: string;
  readonly to: string;
}
