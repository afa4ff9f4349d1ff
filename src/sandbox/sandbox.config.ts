import { IsIn, IsOptional } from 'class-validator';
import { Variable } from '../platform/config/variable.js';

/** Whether the sandbox stands in for the providers. */
export class SandboxConfig {
  @Variable(
    '`true`: the sandbox stands in for the providers even where they have credentials. `false`: never. Unset: while none has any.',
    'true',
  )
  @IsOptional()
  @IsIn(['true', 'false'], { message: 'SANDBOX must be true or false' })
  SANDBOX?: 'true' | 'false';
}
