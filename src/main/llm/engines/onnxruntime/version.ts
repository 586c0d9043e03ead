/** The release whose libraries contain no telemetry code on Linux and macOS, and for which the C API's table was checked. */
export const onnxRuntimeVersion = '1.27.0';
