/** A mail that came in, whichever way SendGrid posted it. Texts are as they were written, not yet bounded. */
export interface Mail {
  /** Header lines, unfolded, by name in lower case; the first of each. */
  readonly headers: ReadonlyMap<string, string>;
  readonly from: MailAddress | undefined;
  /** Whom an answer is to go to, where the mail says so. */
  readonly replyTo: readonly MailAddress[];
  /** Names and addresses, decoded; as the headers have them. */
  readonly to: string | undefined;
  readonly cc: string | undefined;
  readonly subject: string | undefined;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly files: readonly MailFile[];
}

export interface MailAddress {
  readonly address: string;
  /** Empty where there is none. */
  readonly name: string;
}

export interface MailFile {
  /** Unique within the mail: `attachment1` is the first. */
  readonly key: string;
  readonly fileName: string | undefined;
  readonly contentType: string;
  /** Without angle brackets: what `cid:` in the HTML refers to. */
  readonly contentId: string | undefined;
  readonly content: Buffer;
}
