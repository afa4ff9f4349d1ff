/** Why something went wrong, in words. */
export interface HeardError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

export interface HeardActivity {
  readonly id: string;
  readonly externalId: string | null;
  readonly status: string;
  readonly to: string;
  readonly error: HeardError | null;
  readonly durationSeconds: number | null;
  readonly attachments: readonly { readonly contentType: string; readonly state: string }[];
  readonly [field: string]: unknown;
}

/** One item of the feed about an activity that is waited for. */
export interface HeardItem {
  readonly kind: string;
  /** Of what was updated: what happened. */
  readonly event: { readonly kind: string; readonly status: string | null; readonly metadata: { readonly reason?: unknown } } | null;
  readonly activity: HeardActivity;
  /** `performance.now()` when it arrived. */
  readonly atMs: number;
}
