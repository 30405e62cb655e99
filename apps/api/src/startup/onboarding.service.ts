import { Injectable } from '@nestjs/common';
import { SetupService } from '../auth/setup.service.js';
import { AppConfig } from '../config/app-config.js';
import { MachineDiscovery, type MachineFindings } from '../discovery/machine-discovery.service.js';
import { KeysService } from '../keys/keys.service.js';
import { ModelRoutesService } from '../routes/model-routes.service.js';
import { describeFindings } from './describe-findings.js';
import { FirstModel } from './first-model.service.js';
import { firstSteps } from './first-steps.js';

/** Says on the console what was found, how to sign in and how to make the first call. */
@Injectable()
export class Onboarding {
  constructor(
    private readonly config: AppConfig,
    private readonly setup: SetupService,
    private readonly discovery: MachineDiscovery,
    private readonly firstModel: FirstModel,
    private readonly keys: KeysService,
    private readonly routes: ModelRoutesService,
  ) {}

  async welcome(origin: string): Promise<void> {
    const token = await this.setup.issueToken();
    const findings = await this.lookRound();
    if (findings !== null && token !== null)
      for (const line of describeFindings(findings)) say(line);
    await this.firstModel.provide(findings, say);
    say('');
    say(`Panel:  ${origin}/`);
    if (token !== null)
      say(`First sign-in (once, within 15 minutes):  ${origin}/#/setup?token=${token}`);
    await this.showFirstSteps(origin);
  }

  /** Whatever goes wrong while looking round must not keep the gateway from serving. */
  private async lookRound(): Promise<MachineFindings | null> {
    if (!this.config.isDiscoveryEnabled) return null;
    try {
      return await this.discovery.look();
    } catch (error) {
      say(`Looking round on this machine failed: ${String(error)}`);
      return null;
    }
  }

  /** The first key is made once and shown once, together with a call that works when pasted. */
  private async showFirstSteps(origin: string): Promise<void> {
    const [route] = await this.routes.snapshot();
    if (route === undefined || !this.config.isDiscoveryEnabled || (await this.keys.count()) > 0)
      return;
    const { secret } = await this.keys.create({ name: 'first run' });
    for (const line of firstSteps({ origin, secret, model: route.name })) say(line);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
