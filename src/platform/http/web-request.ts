/** One request to another server. */
export interface WebRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a server answered, whatever its status. */
export interface WebAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** A request that no answer came to. */
export class RequestFailed extends Error {
  /** `left`: the server may have got it, or a part of it. False is certain: there was no connection to send it by. */
  constructor(
    readonly left: boolean,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
    this.name = 'RequestFailed';
  }
}

/** An answer other than 2xx, where it takes the way of an error. */
export class Declined extends Error {
  constructor(readonly answer: WebAnswer) {
    super(`HTTP ${answer.status}`);
    this.name = 'Declined';
  }
}

/** Throws Declined for any answer but 2xx. */
export function accepted(answer: WebAnswer): WebAnswer {
  if (answer.status < 200 || answer.status > 299) throw new Declined(answer);
  return answer;
}

/** Undefined for a body that is no JSON. */
export function jsonOf({ body }: Pick<WebAnswer, 'body'>): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
