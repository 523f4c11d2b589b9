import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { NeedsRole } from '../common/roles.js';
import { VERSION } from '../common/version.js';
import type { MonitorStatus } from '../live/feed-events.js';
import { MonitorStatusService } from '../live/monitor-status.service.js';

/** /healthz: is this process worth keeping. /readyz: can it do its work now, prober and database included. */
@ApiExcludeController()
@Controller()
export class SelfController {
  constructor(private readonly monitor: MonitorStatusService) {}

  @Get('healthz')
  @NeedsRole('viewer')
  alive(): MonitorStatus & { status: 'ok'; version: string } {
    return { status: 'ok', version: VERSION, ...this.monitor.current() };
  }

  @Get('readyz')
  @NeedsRole('viewer')
  ready(@Res() response: Response): void {
    const status = this.monitor.current();
    const ready = status.prober === 'up' && status.database === 'up';
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'not ready', version: VERSION, ...status });
  }
}
