import { IsOptional, MaxLength } from 'class-validator';
import { Variable } from '../../platform/config/variable.js';

export class OrganizationsConfig {
  @Variable('The organization that takes what comes for an address nobody claimed. Unset: such deliveries wait as UNROUTED.', '1')
  @IsOptional()
  @MaxLength(100, { message: 'DEFAULT_ORGANIZATION must be the id of an organization, at most 100 characters' })
  DEFAULT_ORGANIZATION?: string;
}
