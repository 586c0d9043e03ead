import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LoamError } from '../../../shared/errors.ts';
import { explainSystemError } from '../../studio/system-errors.ts';

/** A certificate with its key, as TLS takes them. */
export interface Certificate {
  /** The certificate and those that lead to its issuer, in PEM. */
  readonly cert: string;
  readonly key: string;
  /** The names and addresses that it is for; none of a name that stands for many (`*.example`). */
  readonly names: readonly string[];
}

/**
 * Reads a certificate and its key from files in PEM.
 * @throws LoamError when one cannot be read, they do not belong together, or the certificate is not valid now
 */
export async function readCertificate(
  certificateFile: string,
  keyFile: string,
  now: Date = new Date(),
): Promise<Certificate> {
  const cert = await read(certificateFile);
  const key = await read(keyFile);
  const certificate = parse(certificateFile, 'a certificate', () => new X509Certificate(cert));
  const privateKey = parse(keyFile, 'a private key', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw new LoamError({
      kind: 'input',
      where: keyFile,
      what: 'This is not the key of the certificate.',
      remedy: 'Give the key that the certificate was made with.',
    });
  if (certificate.validToDate < now || certificate.validFromDate > now)
    throw new LoamError({
      kind: 'input',
      where: certificateFile,
      what: `The certificate is valid from ${certificate.validFrom} to ${certificate.validTo}, and not now.`,
      remedy: 'Give one that is valid.',
    });
  const names = (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? [])
    .filter((name) => !name.includes('*'));
  return { cert, key, names };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw explainSystemError(error, file) ?? error;
  }
}

function parse<Value>(file: string, what: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw new LoamError(
      {
        kind: 'input',
        where: file,
        what: `This is not ${what} in PEM, or it asks for a password.`,
        remedy: 'Give the file as your certificate authority, or openssl, wrote it.',
      },
      { cause },
    );
  }
}
