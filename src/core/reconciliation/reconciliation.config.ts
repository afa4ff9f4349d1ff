import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { Variable } from '../../platform/config/variable.js';

const SECONDS = 'RECONCILE_EVERY_SECONDS must be a whole number of seconds, from 1 to 86400';

/** How often providers are asked what we may have missed. */
export class ReconciliationConfig {
  @Variable('Seconds between two comparisons of what a provider still lists with what we have.', '300')
  @Type(() => Number)
  @IsInt({ message: SECONDS })
  @Min(1, { message: SECONDS })
  @Max(86_400, { message: SECONDS })
  RECONCILE_EVERY_SECONDS: number = 300;

  get everyMs(): number {
    return this.RECONCILE_EVERY_SECONDS * 1_000;
  }
}
