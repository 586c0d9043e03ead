import { useCallback, useEffect, useReducer } from 'react';
import { currentProject } from '../../client/current-project.ts';
import { freshPlan, readPlan, type Plan } from './plan.ts';

interface History {
  readonly past: readonly Plan[];
  readonly present: Plan;
  readonly future: readonly Plan[];
  /** What the last change was of, and when: changes of one thing in quick succession are undone together. */
  readonly last?: { readonly subject: string; readonly at: number };
}

type Action =
  | {
      readonly type: 'change';
      readonly subject: string;
      readonly change: (plan: Plan) => Plan;
      readonly at: number;
    }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' };

const longestHistory = 100;

/** Changes of the same thing within this time are one step of undo, in milliseconds. */
const together = 1200;

function reduce(history: History, action: Action): History {
  const { past, present, future, last } = history;
  switch (action.type) {
    case 'change': {
      const changed = action.change(present);
      if (changed === present) return history;
      const joins =
        last !== undefined &&
        last.subject === action.subject &&
        action.at - last.at < together &&
        past.length > 0;
      return {
        past: joins ? past : [...past, present].slice(-longestHistory),
        present: changed,
        future: [],
        last: { subject: action.subject, at: action.at },
      };
    }
    case 'undo': {
      const before = past.at(-1);
      return before === undefined
        ? history
        : { past: past.slice(0, -1), present: before, future: [present, ...future] };
    }
    case 'redo': {
      const [after, ...rest] = future;
      return after === undefined ? history : { past: [...past, present], present: after, future: rest };
    }
    default:
      return action satisfies never;
  }
}

/** Where a window keeps what was chosen, for each project. */
const storageKey = () => `loam-new-model:${currentProject() ?? ''}`;

export interface PlanControl {
  readonly plan: Plan;
  /** @param subject what is changed; quick changes of one subject are undone together */
  readonly change: (subject: string, change: (plan: Plan) => Plan) => void;
  readonly undo: (() => void) | undefined;
  readonly redo: (() => void) | undefined;
}

/** What was chosen in the wizard: kept over a reload, and every change can be undone. */
export function usePlan(): PlanControl {
  const [history, dispatch] = useReducer(reduce, undefined, (): History => ({
    past: [],
    present: readPlan(sessionStorage.getItem(storageKey())) ?? freshPlan(),
    future: [],
  }));
  const { past, present, future } = history;
  useEffect(() => sessionStorage.setItem(storageKey(), JSON.stringify(present)), [present]);
  const change = useCallback<PlanControl['change']>(
    (subject, apply) => dispatch({ type: 'change', subject, change: apply, at: Date.now() }),
    [],
  );
  return {
    plan: present,
    change,
    undo: past.length === 0 ? undefined : () => dispatch({ type: 'undo' }),
    redo: future.length === 0 ? undefined : () => dispatch({ type: 'redo' }),
  };
}
