import { IsOptional, Matches } from 'class-validator';
import { Variable } from '../../platform/config/variable.js';

/** How fast is sent. */
export class SendsConfig {
  @Variable('Messages a second that one sender sends, over all processes. Unset: no limit of ours, the provider queues.', '10')
  @IsOptional()
  @Matches(/^(?=.*[1-9])\d{1,4}(\.\d{1,3})?$/, {
    message: 'SEND_RATE must be how many messages a second one sender may send, such as 10 or 0.5',
  })
  SEND_RATE?: string;

  /** Undefined: no limit. */
  get perSecond(): number | undefined {
    return this.SEND_RATE === undefined ? undefined : Number(this.SEND_RATE);
  }
}
