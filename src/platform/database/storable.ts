/** Whether PostgreSQL can hold a text: its text and jsonb refuse U+0000, jsonb lone surrogates. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
