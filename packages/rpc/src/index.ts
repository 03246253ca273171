export { type Alarm, setAlarm } from "./call/alarm.ts";
export { CancellableRequest } from "./call/cancellable-request.ts";
export { type AbortSource, type AbortWatcher, Cancellation } from "./call/cancellation.ts";
export {
  ASK_CONTRACT_HEADER,
  CHAIN_REQUEST_ID_HEADER,
  CONTRACT_HEADER,
  DEADLINE_HEADER,
  IDEMPOTENCY_HEADER,
  REQUEST_ID_HEADER,
} from "./call/headers.ts";
export type { CallObserver, CallOutcome } from "./call/observer.ts";
export { isTraceparent, randomHex } from "./call/traceparent.ts";
export { type Codec, codecFor, jsonCodec, msgpackCodec } from "./codec/codec.ts";
export type { DType, DTypeData } from "./codec/dtypes.ts";
export { decodeJson, encodeJson } from "./codec/json.ts";
export { decodeMsgpack } from "./codec/msgpack-decode.ts";
export { encodeMsgpack } from "./codec/msgpack-encode.ts";
export { NdArray } from "./codec/nd-array.ts";
export { ndarray, type ShapePattern } from "./codec/ndarray-schema.ts";
export { validateValue } from "./codec/validate.ts";
export { Complex, Decimal, Duration, PlainDate, PlainDateTime, PlainTime, Uuid } from "./codec/values.ts";
export { addressOf } from "./deployed/address.ts";
export {
  DYNAMIC_CHAINLET_CONFIG,
  type DynamicChainletConfig,
  parseDynamicChainletConfig,
  type ServiceUrls,
  serviceDescriptor,
} from "./deployed/dynamic-config.ts";
export { type Instruments, instrumentDeployed } from "./deployed/instruments.ts";
export { type PredictOptions, StubBase } from "./deployed/stub-base.ts";
export {
  type CallArgs,
  type CallArgsOptions,
  type HttpCallArgsOptions,
  TrussHandle,
} from "./deployed/truss-handle.ts";
export { type ErrorBody, type ErrorBodyOptions, toErrorBody } from "./errors/error-body.ts";
export { type ErrorResponse, fromErrorResponse } from "./errors/error-response.ts";
export { HttpError, type HttpErrorOptions } from "./errors/http-error.ts";
export { mappedStack } from "./errors/mapped-stack.ts";
export { NonRetryableError } from "./errors/non-retryable-error.ts";
export { originOf } from "./errors/origin.ts";
export { RemoteError } from "./errors/remote-error.ts";
export type { RemoteErrorDetail, RemoteFrame } from "./errors/remote-error-detail.ts";
export { type UserFramesOptions, userFrames } from "./errors/user-frames.ts";
export { BodyGatherer } from "./http/body-gatherer.ts";
export {
  createHttpTransport,
  type HttpTransportOptions,
  type ServiceAddress,
} from "./http/create-http-transport.ts";
export { warmUp } from "./http/undici.ts";
export { createMemoryTransport } from "./memory-transport.ts";
export { redactor } from "./redaction/redactor.ts";
export { currentRequestScope, type RequestScope, runInRequestScope } from "./request-scope.ts";
export { type EncodedStream, type EncodeStreamOptions, encodeStream } from "./stream/encode-stream.ts";
export { STREAM_HEADER, type StreamFooter } from "./stream/stream-header.ts";
export { type StreamReader, streamReader } from "./stream/stream-reader.ts";
export type { StreamTypes } from "./stream/stream-types.ts";
export { type StreamWriter, streamWriter } from "./stream/stream-writer.ts";
export { decodeText } from "./stream/text.ts";
export { createStub, type StubOptions } from "./stub/create-stub.ts";
export {
  changedRequest,
  type Transport,
  type WireHandler,
  type WireRequest,
  type WireResponse,
} from "./transport.ts";
