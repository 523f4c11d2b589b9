import * as address from '../messages/h225-address.js';
import * as call from '../messages/h225-call.js';
import * as endpoint from '../messages/h225-endpoint.js';
import * as security from '../messages/h225-security.js';
import * as audio from '../messages/h245-audio.js';
import * as capability from '../messages/h245-capability.js';
import * as channel from '../messages/h245-channel.js';
import * as common from '../messages/h245-common.js';
import * as control from '../messages/h245-control.js';
import * as data from '../messages/h245-data.js';
import * as encryption from '../messages/h245-encryption.js';
import * as generic from '../messages/h245-generic.js';
import * as message from '../messages/h245-message.js';
import * as transport from '../messages/h245-transport.js';
import * as video from '../messages/h245-video.js';
import * as admission from '../ras/ras-admission.js';
import * as rasCommon from '../ras/ras-common.js';
import * as rasMessage from '../ras/ras-message.js';
import * as registration from '../ras/ras-registration.js';
import type { Schema } from '../per/schema.js';

const h225 = { address, call, endpoint, security };
const h245 = { audio, capability, channel, common, control, data, encryption, generic, message, transport, video };
const ras = { admission, common: rasCommon, message: rasMessage, registration };

/** Every type of the standards that we speak, by a name that is there once. */
export const ALL_TYPES = Object.entries({ h225, h245, ras }).flatMap(([standard, files]) =>
  Object.values<Record<string, unknown>>(files).flatMap((file) =>
    Object.entries(file).map(([name, schema]): [name: string, schema: Schema<unknown>] => [
      `${standard} ${name}`,
      schema as Schema<unknown>,
    ]),
  ),
);
