import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { NoticesService } from '../notices/notices.service.js';
import { SIMULATED } from './tokens.js';

/** Leads what happens to those who want to be told. */
@Injectable()
export class NoticeSourcesService implements OnApplicationBootstrap {
  constructor(
    private readonly notices: NoticesService,
    @Inject(SIMULATED) private readonly simulated: boolean,
  ) {}

  onApplicationBootstrap(): void {
    this.notices.start({ simulated: this.simulated });
  }
}
