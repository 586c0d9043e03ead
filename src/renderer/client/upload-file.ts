import { LoamError } from '../../shared/errors.ts';
import { projectHeader } from '../../shared/rpc.ts';
import { fileNameHeader, uploadPath, uploadSchema } from '../../shared/uploads/upload.ts';
import { t } from 'i18next';
import { currentProject } from './current-project.ts';
import { accountOf } from './error-account.ts';

export interface UploadOptions {
  /** Told the bytes that have gone out. */
  readonly onProgress?: (sent: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Sends a file to the studio, where it waits to be imported.
 * @param name with the folders that it was dropped with, parted by `/`
 * @returns the id under which it waits
 * @throws LoamError with the studio's account of why it was not taken; the signal's reason when it is aborted.
 */
export function uploadFile(file: Blob, name: string, options: UploadOptions = {}): Promise<string> {
  const { onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    // fetch tells nothing of what has been sent.
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    const fail = (reason: unknown): void => {
      signal?.removeEventListener('abort', abort);
      reject(reason instanceof Error ? reason : new Error(String(reason)));
    };
    request.upload.addEventListener('progress', (event) => onProgress?.(event.loaded));
    request.addEventListener('load', () => {
      signal?.removeEventListener('abort', abort);
      const answer = parseAnswer(request.responseText);
      const upload = uploadSchema.safeParse(answer);
      if (request.status === 200 && upload.success) resolve(upload.data.id);
      else fail(new LoamError(accountOf(answer)));
    });
    request.addEventListener('error', () =>
      fail(
        new LoamError({
          kind: 'environment',
          where: name,
          what: t('kit:disconnectedTitle'),
          remedy: t('kit:retry'),
        }),
      ),
    );
    request.addEventListener('abort', () =>
      fail(signal?.reason ?? new DOMException('The upload was stopped.', 'AbortError')),
    );
    signal?.addEventListener('abort', abort);
    if (signal?.aborted === true) {
      fail(signal.reason);
      return;
    }
    request.open('POST', uploadPath);
    request.setRequestHeader(projectHeader, encodeURIComponent(currentProject() ?? ''));
    request.setRequestHeader(fileNameHeader, encodeURIComponent(name));
    request.send(file);
  });
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
