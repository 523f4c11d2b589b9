import type { z } from 'zod';
import { type NoticeSettings, noticesSchema } from '../../config/notices-schema.js';

/** As from a settings file, but quick to try again. */
export const noticeSettings = (given: z.input<typeof noticesSchema>): NoticeSettings =>
  noticesSchema.parse({ backoffSeconds: { min: 0.02, max: 0.1 }, settleSeconds: 0, ...given });
