import { AccessConfig } from './core/access/access.config.js';
import { MediaConfig } from './core/attachments/media.config.js';
import { OrganizationsConfig } from './core/organizations/organizations.config.js';
import { ReconciliationConfig } from './core/reconciliation/reconciliation.config.js';
import { SendsConfig } from './core/sends/sends.config.js';
import { type ConfigClass } from './platform/config/variable.js';
import { DatabaseConfig } from './platform/database/database.config.js';
import { HttpConfig } from './platform/http/http.config.js';
import { LoggingConfig } from './platform/logging/logging.config.js';
import { MetaConfig } from './providers/meta/meta.config.js';
import { SendGridConfig } from './providers/sendgrid/sendgrid.config.js';
import { TwilioConfig } from './providers/twilio/twilio.config.js';
import { SandboxConfig } from './sandbox/sandbox.config.js';

/** Every module's variables, in the order of `.env.example`. */
export const CONFIGS: readonly ConfigClass[] = [
  HttpConfig,
  DatabaseConfig,
  LoggingConfig,
  AccessConfig,
  OrganizationsConfig,
  MediaConfig,
  SendsConfig,
  ReconciliationConfig,
  SandboxConfig,
  TwilioConfig,
  MetaConfig,
  SendGridConfig,
];
