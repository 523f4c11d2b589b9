import { Controller, Get, Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Denials } from '../common/denials.js';
import { NeedsRole } from '../common/roles.js';
import { AccessModule } from './access.module.js';
import { RoleAudit } from './role-audit.js';

@Controller('declared')
class DeclaredController {
  @Get()
  @NeedsRole('viewer')
  read(): string {
    return 'ok';
  }
}

@Controller('open')
class OpenController {
  @Get()
  read(): string {
    return 'ok';
  }
}

@WebSocketGateway()
class OpenGateway {
  @SubscribeMessage('reset')
  reset(): void {}
}

@Global()
@Module({ providers: [Denials], exports: [Denials] })
class CommonModule {}
@Module({ imports: [AccessModule], controllers: [DeclaredController] })
class DeclaredModule {}
@Module({ imports: [AccessModule], controllers: [OpenController], providers: [OpenGateway] })
class OpenModule {}

const audit = async (module: new () => object): Promise<RoleAudit> =>
  (await Test.createTestingModule({ imports: [CommonModule, module] }).compile()).get(RoleAudit, { strict: false });

describe(RoleAudit.name, () => {
  it('lets an application start whose every entrance declares a role', async () => {
    const sut = await audit(DeclaredModule);
    expect(sut.entrances()).toContainEqual({ name: 'DeclaredController.read', role: 'viewer' });
    expect(() => sut.onApplicationBootstrap()).not.toThrow();
  });

  it('names a route and a socket event that declare none', async () => {
    const sut = await audit(OpenModule);
    expect(() => sut.onApplicationBootstrap()).toThrow(
      "No role is declared for OpenController.read, OpenGateway.reset: add @NeedsRole('viewer' | 'operator' | 'admin') to each",
    );
  });
});
