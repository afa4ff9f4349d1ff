import { fileTypeFromBuffer } from 'file-type';

const UNKNOWN = 'application/octet-stream';
const TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;
/** What a browser may show in place: nothing of it can run a script. Not SVG. */
const SHOWN = /^(?:image\/(?!svg)|audio\/|video\/|application\/pdf$)/;
/** A container holds sound as well as pictures, so either word is right. */
const SOUND_OR_PICTURES = /^(?:audio|video)\/|^application\/(?:ogg|mp4|vnd\.ms-asf)$/;

export function isShownInPlace(contentType: string): boolean {
  return SHOWN.test(contentType);
}

/**
 * The type a file is served as: what was claimed, unless the bytes say otherwise. A claim that a browser would show must be borne out by
 * the bytes, or it is nothing in particular; where nothing was claimed the bytes decide.
 */
export async function mediaTypeOf(bytes: Uint8Array, claimed: string | undefined): Promise<string> {
  const claim = normalized(claimed);
  const found = normalized((await fileTypeFromBuffer(bytes))?.mime);
  if (claim === UNKNOWN) return found;
  if (!isShownInPlace(claim) || claim === found) return claim;
  if (SOUND_OR_PICTURES.test(claim)) return SOUND_OR_PICTURES.test(found) ? claim : showable(found);
  return showable(found);
}

const showable = (found: string) => (isShownInPlace(found) ? found : UNKNOWN);

/** Without parameters, in lower case; what is no type is unknown. */
function normalized(type: string | undefined): string {
  const bare = (type ?? '').split(';', 1)[0]!.trim().toLowerCase();
  return TYPE.test(bare) ? bare : UNKNOWN;
}
