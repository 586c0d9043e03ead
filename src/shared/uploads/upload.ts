import { z } from 'zod';

/**
 * How a page in a browser hands over a file: one POST a file, its bytes as the body, the project in the header
 * `projectHeader`. In the desktop application files are named by their path instead.
 */
export const uploadPath = '/upload';

/**
 * Names the file, percent-encoded. What was dropped as a part of a folder is named with the path below it:
 * `reports/2024/may.txt`.
 */
export const fileNameHeader = 'x-file-name';

/** The answer (status 200): the file waits in the project under this id until it is imported, for a day at most. */
export const uploadSchema = z.strictObject({ id: z.uuid() });
export type Upload = z.output<typeof uploadSchema>;
