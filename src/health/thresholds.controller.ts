import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { NeedsRole } from '../common/roles.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { HealthService } from './health.service.js';
import { type ProfileView, profileViews } from './thresholds.js';

@ApiTags('health')
@Controller('health/thresholds')
export class ThresholdsController {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly health: HealthService,
  ) {}

  @Get()
  @NeedsRole('viewer')
  @ApiOperation({
    summary: 'By what each profile of sites is judged: the signals it needs, and every limit with unit and source',
  })
  @ApiOkResponse({ description: '{profiles}' })
  list(): { profiles: ProfileView[] } {
    return { profiles: profileViews(this.config, this.health.views()) };
  }
}
