import { Body, Controller, Get, Header, HttpCode, Post, Req, Res, UsePipes } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { userOf } from '../access/principal.js';
import { Public } from '../access/public.decorator.js';
import { managementValidation } from '../common/management/management-validation.pipe.js';
import { AppConfig } from '../config/app-config.js';
import { LoginDto, SetupDto } from './auth.dto.js';
import { AuthService } from './auth.service.js';
import { SessionsService } from './sessions.service.js';
import { SetupService } from './setup.service.js';
import type { User } from './user.entity.js';

/** First set-up, sign-in and sign-out. */
@Controller('api/auth')
@UsePipes(managementValidation)
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
    private readonly setup: SetupService,
    private readonly config: AppConfig,
  ) {}

  @Get('state')
  @Public()
  @Header('cache-control', 'no-store')
  async state() {
    return { needsSetup: await this.setup.isNeeded(), version: this.config.version };
  }

  @Post('setup')
  @Public()
  @HttpCode(200)
  async claim(@Body() body: SetupDto, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.signIn(await this.setup.claim(body.token, body.username, body.password), reply);
  }

  @Post('login')
  @Public()
  @HttpCode(200)
  async login(@Body() body: LoginDto, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.signIn(await this.auth.login(body.username, body.password), reply);
  }

  @Post('logout')
  @HttpCode(204)
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    this.sessions.setCookie(reply, null);
    await this.sessions.revoke(userOf(request).sessionId);
  }

  @Get('me')
  me(@Req() request: FastifyRequest) {
    const { id, username, role } = userOf(request);
    return { id, username, role };
  }

  private async signIn(user: User, reply: FastifyReply) {
    const token = await this.sessions.open(user);
    this.sessions.setCookie(reply, token);
    void reply.header('cache-control', 'no-store');
    return { token, user: { id: user.id, username: user.username, role: user.role } };
  }
}
