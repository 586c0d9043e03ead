import { Check } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { steps, type Step } from './steps.ts';

/** Where one is in the wizard, and a way to each step. */
export function StepList({
  current,
  wrong,
  onStep,
}: {
  readonly current: Step;
  /** Steps with something to correct. */
  readonly wrong: ReadonlySet<Step>;
  readonly onStep: (step: Step) => void;
}): JSX.Element {
  const { t } = useTranslation('new-model');
  const at = steps.indexOf(current);
  return (
    <nav aria-label={t('steps')}>
      <ol className="flex flex-wrap gap-1">
        {steps.map((step, index) => {
          const done = index < at;
          const isWrong = wrong.has(step);
          return (
            <li key={step} className="flex items-center gap-1">
              <button
                type="button"
                aria-current={step === current ? 'step' : undefined}
                onClick={() => onStep(step)}
                className="group flex h-9 items-center gap-2 rounded-md px-2.5 font-medium text-ink-soft hover:bg-hover hover:text-ink aria-[current]:text-ink"
              >
                <span
                  aria-hidden
                  className={`figures flex size-5.5 items-center justify-center rounded-full text-xs font-semibold ${
                    isWrong
                      ? 'bg-danger-soft text-danger'
                      : step === current
                        ? 'bg-accent text-accent-ink'
                        : done
                          ? 'bg-accent-soft text-accent-text'
                          : 'border border-line-strong text-ink-faint'
                  }`}
                >
                  {isWrong ? '!' : done ? <Check className="size-3.5" /> : index + 1}
                </span>
                {t(`step_${step}`)}
                {(isWrong || done) && (
                  <span className="sr-only">({t(isWrong ? 'stepWrong' : 'stepDone')})</span>
                )}
              </button>
              {index < steps.length - 1 && <span aria-hidden className="h-px w-4 bg-line-strong" />}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
