import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { StandIn } from './stand-in.service.js';

/**
 * The sandbox: a stand-in for the providers' HTTP APIs, on a port of its own.
 * Owns nothing that outlives the process but the sandbox's secrets. Imports platform alone, and nobody imports it but the top: it is reached
 * through `TWILIO_BASE_URL`, `SENDGRID_BASE_URL` and `WHATSAPP_BASE_URL`, as the providers are.
 * Always: it runs only where no provider is real (`isSandboxActive`), listens on loopback, and ends with the application.
 */
@Module({})
export class SandboxModule implements OnApplicationShutdown {
  constructor(@Inject(StandIn) private readonly standIn: StandIn) {}

  static forRoot(standIn: StandIn): DynamicModule {
    return { module: SandboxModule, providers: [{ provide: StandIn, useValue: standIn }] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.standIn.stop();
  }
}
