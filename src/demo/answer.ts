// A whole HTTP answer as a value, and the shapes of refusal the real upstream uses.

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON, text and bytes as they are. */
  readonly body: object | string | Buffer;
}

export interface ErrorFields {
  readonly message: string;
  readonly type?: string | null;
  readonly param?: string | null;
  readonly code?: string | null;
}

/** `{"detail": …}`, the form of the Codex backend itself. */
export function detail(status: number, text: string | object): Answer {
  return { status, body: { detail: text } };
}

/** `{"error": {message, type, param, code}}`, the form of the model API behind it. */
export function apiError(status: number, fields: ErrorFields): Answer {
  return { status, body: { error: errorObject(fields) } };
}

/** A refused credential: the API form plus the status once more, and the headers that go with it. */
export function authError(status: number, message: string, code: string): Answer {
  return {
    status,
    headers: { "x-openai-authorization-error": String(status), ...errorHeader(code) },
    body: { error: errorObject({ message, code }), status },
  };
}

function errorHeader(code: string): Record<string, string> {
  return { "x-error-json": Buffer.from(JSON.stringify({ error: { code } })).toString("base64") };
}

function errorObject(fields: ErrorFields): object {
  const { message, type = "invalid_request_error", param = null, code = null } = fields;
  return { message, type, param, code };
}
