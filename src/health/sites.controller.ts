import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { NeedsRole } from '../common/roles.js';
import type { EndpointView } from './endpoint-view.js';
import { HealthService } from './health.service.js';
import type { SiteView } from './site-view.js';

@ApiTags('sites')
@Controller('sites')
export class SitesController {
  constructor(private readonly health: HealthService) {}

  @Get()
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'All sites, each as the best of its endpoints makes it' })
  @ApiOkResponse({ description: '{items, total}' })
  list(): { items: SiteView[]; total: number } {
    const items = this.health.sites();
    return { items, total: items.length };
  }

  @Get(':code')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'One site, with its endpoints as `devices`' })
  one(@Param('code') code: string): SiteView & { devices: EndpointView[] } {
    const site = this.health.site(code);
    if (!site) throw new NotFoundException(`no site "${code}" in the inventory`);
    return { ...site, devices: site.endpoints.flatMap((id) => this.health.view(id) ?? []) };
  }
}
