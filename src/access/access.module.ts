import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { RoleAudit } from './role-audit.js';
import { RoleGuard } from './role.guard.js';

@Module({
  imports: [DiscoveryModule],
  providers: [RoleAudit, RoleGuard, { provide: APP_GUARD, useExisting: RoleGuard }],
  exports: [RoleAudit],
})
export class AccessModule {}
