import {
  GatewayError,
  type ErrorCode,
  type GatewayErrorOptions,
  type WireProtocolId,
} from '#translation';

/** An upstream's own refusal, kept word for word: agents recover by the wording of the provider they know. */
export class UpstreamRejection extends GatewayError {
  constructor(
    code: ErrorCode,
    message: string,
    options: GatewayErrorOptions,
    readonly answer: {
      readonly protocol: WireProtocolId;
      readonly contentType: string;
      readonly body: string;
    },
  ) {
    super(code, message, options);
  }
}
