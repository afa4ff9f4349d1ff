import { IsIn, IsOptional } from 'class-validator';
import { Variable } from '../platform/config/variable.js';

/** Whether the sandbox stands in for the providers, and how. */
export class SandboxConfig {
  @Variable(
    '`true`: the sandbox stands in for the providers even where they have credentials. `false`: never. Unset: while none has any.',
    'true',
  )
  @IsOptional()
  @IsIn(['true', 'false'], { message: 'SANDBOX must be true or false' })
  SANDBOX?: 'true' | 'false';

  @Variable('Whether, in the sandbox, the person answers what was sent to them.', 'false')
  @IsIn(['true', 'false'], { message: 'SANDBOX_REPLIES must be true or false' })
  SANDBOX_REPLIES: 'true' | 'false' = 'true';
}
