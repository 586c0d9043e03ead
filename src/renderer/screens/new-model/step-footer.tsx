import { ArrowLeft, ArrowRight, Play } from 'lucide-react';
import { useId, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { steps, type Step } from './steps.ts';

export interface StepFooterProps {
  readonly step: Step;
  /** Why the run could not be made. */
  readonly error: Error | null;
  /** Whether something must be corrected first, and was not. */
  readonly refused: boolean;
  /** What the last step still waits for: without it nothing can be started. */
  readonly missing: string | undefined;
  readonly busy: boolean;
  readonly onStep: (step: Step) => void;
  readonly onPrepareOnly: () => void;
}

/** Back and on; the form that it stands in is submitted by its last button. */
export function StepFooter({
  step,
  error,
  refused,
  missing,
  busy,
  onStep,
  onPrepareOnly,
}: StepFooterProps): JSX.Element {
  const { t } = useTranslation('new-model');
  const before = steps[steps.indexOf(step) - 1];
  const isLast = step === 'review';
  const reason = useId();
  return (
    <footer className="sticky bottom-0 z-10 -mx-6 mt-auto -mb-8 flex flex-wrap items-center gap-2 border-t border-line bg-canvas px-6 py-3">
      {isLast && <ErrorNotice error={error} className="w-full" />}
      {before !== undefined && (
        <Button icon={ArrowLeft} onClick={() => onStep(before)}>
          {t('back')}
        </Button>
      )}
      {refused && (
        <p role="alert" className="text-danger">
          {t('mustCorrect')}
        </p>
      )}
      <span className="flex-1" />
      {missing !== undefined && (
        <p id={reason} className="text-sm text-danger">
          {missing}
        </p>
      )}
      {isLast && (
        <Button
          variant="quiet"
          title={t('prepareOnlyHint')}
          disabled={missing !== undefined}
          onClick={onPrepareOnly}
        >
          {t('prepareOnly')}
        </Button>
      )}
      <Button
        type="submit"
        variant="primary"
        icon={isLast ? Play : ArrowRight}
        busy={busy}
        disabled={missing !== undefined}
        aria-describedby={missing === undefined ? undefined : reason}
      >
        {t(isLast ? 'start' : 'next')}
      </Button>
    </footer>
  );
}
