import { isDefinedError, ORPCError } from '@orpc/client';
import { t } from 'i18next';
import { isReachable } from './connection.ts';
import { LoamError, type ErrorAccount } from '../../shared/errors.ts';

function isAccount(value: unknown): value is ErrorAccount {
  return (
    typeof value === 'object' &&
    value !== null &&
    'what' in value &&
    typeof value.what === 'string' &&
    'remedy' in value &&
    typeof value.remedy === 'string'
  );
}

/** Whether the studio itself refused, in words: asking the same again gives the same answer until something is done about it. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ORPCError && isDefinedError(error) && isAccount(error.data);
}

/** Whether a call failed only since the studio cannot be reached: the bar above every screen says so already. */
export function isDisconnection(error: unknown): boolean {
  const isTold = error instanceof ORPCError || error instanceof LoamError || isAccount(error);
  return !isTold && !isReachable();
}

/** What to tell a person of anything that was thrown: the studio's own account, or one for what nobody foresaw. */
export function accountOf(error: unknown): ErrorAccount {
  if (error instanceof ORPCError && isDefinedError(error) && isAccount(error.data)) return error.data;
  if (error instanceof LoamError)
    return {
      kind: error.kind,
      what: error.what,
      remedy: error.remedy,
      ...(error.where === undefined ? {} : { where: error.where }),
      ...(error.action === undefined ? {} : { action: error.action }),
    };
  if (isAccount(error)) return error;
  if (error instanceof ORPCError)
    return {
      kind: 'environment',
      what: t('kit:unexpectedTitle'),
      remedy: t('kit:unexpectedRemedy'),
    };
  if (isDisconnection(error))
    return {
      kind: 'environment',
      what: t('kit:disconnectedTitle'),
      remedy: t('kit:disconnectedRemedy'),
    };
  return {
    kind: 'environment',
    what: t('kit:unexpectedTitle'),
    remedy: t('kit:unexpectedRemedy'),
    ...(error instanceof Error && error.message !== '' ? { where: error.message } : {}),
  };
}
