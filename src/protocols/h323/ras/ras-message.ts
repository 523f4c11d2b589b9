/** RasMessage of H.225.0 (section 7.6): what one datagram to or from a gatekeeper holds. */
import { choice } from '../per/choice.js';
import type { Infer } from '../per/schema.js';
import { skip } from '../per/sequence.js';
import {
  AdmissionConfirm,
  AdmissionReject,
  AdmissionRequest,
  DisengageConfirm,
  DisengageReject,
  DisengageRequest,
  InfoRequest,
  InfoRequestResponse,
} from './ras-admission.js';
import { RequestInProgress, UnknownMessageResponse } from './ras-common.js';
import {
  GatekeeperConfirm,
  GatekeeperReject,
  GatekeeperRequest,
  RegistrationConfirm,
  RegistrationReject,
  RegistrationRequest,
  UnregistrationConfirm,
  UnregistrationReject,
  UnregistrationRequest,
} from './ras-registration.js';

/** Bandwidth, location and what is not standard is nothing that an endpoint has to speak. */
export const RasMessage = choice(
  {
    gatekeeperRequest: GatekeeperRequest,
    gatekeeperConfirm: GatekeeperConfirm,
    gatekeeperReject: GatekeeperReject,
    registrationRequest: RegistrationRequest,
    registrationConfirm: RegistrationConfirm,
    registrationReject: RegistrationReject,
    unregistrationRequest: UnregistrationRequest,
    unregistrationConfirm: UnregistrationConfirm,
    unregistrationReject: UnregistrationReject,
    admissionRequest: AdmissionRequest,
    admissionConfirm: AdmissionConfirm,
    admissionReject: AdmissionReject,
    bandwidthRequest: skip,
    bandwidthConfirm: skip,
    bandwidthReject: skip,
    disengageRequest: DisengageRequest,
    disengageConfirm: DisengageConfirm,
    disengageReject: DisengageReject,
    locationRequest: skip,
    locationConfirm: skip,
    locationReject: skip,
    infoRequest: InfoRequest,
    infoRequestResponse: InfoRequestResponse,
    nonStandardMessage: skip,
    unknownMessageResponse: UnknownMessageResponse,
  },
  {
    requestInProgress: RequestInProgress,
    resourcesAvailableIndicate: skip,
    resourcesAvailableConfirm: skip,
    infoRequestAck: skip,
    infoRequestNak: skip,
    serviceControlIndication: skip,
    serviceControlResponse: skip,
    admissionConfirmSequence: skip,
  },
);

export type RasMessage = Infer<typeof RasMessage>;
