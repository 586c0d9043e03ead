import { isContractProcedure } from '@orpc/contract';
import { contract } from '../../../src/shared/contract.ts';

/** A procedure of the contract. */
export interface ListedProcedure {
  /** `runs.start` */
  readonly name: string;
  readonly path: readonly string[];
  /** Whether it takes an input, which can then be wrong. */
  readonly hasInput: boolean;
}

/** All procedures, found by walking through the contract. */
export function listProcedures(
  node: object = contract,
  path: readonly string[] = [],
): readonly ListedProcedure[] {
  return Object.entries(node).flatMap(([name, value]: [string, unknown]): readonly ListedProcedure[] => {
    const here = [...path, name];
    if (isContractProcedure(value))
      return [{ name: here.join('.'), path: here, hasInput: value['~orpc'].inputSchema !== undefined }];
    return typeof value === 'object' && value !== null ? listProcedures(value, here) : [];
  });
}

/** Calls a procedure by its path, past the contract's types. */
export function callUntyped(client: unknown, path: readonly string[], input: unknown): Promise<unknown> {
  const procedure = path.reduce<unknown>(
    (node, name) => (node as Readonly<Record<string, unknown>>)[name],
    client,
  );
  return (procedure as (input: unknown) => Promise<unknown>)(input);
}
