import { Button } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.tsx';
import { useConfirm } from '../../components/confirm.tsx';
import { ProblemBar } from '../../components/problem-bar.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import type { Progress } from './progress.ts';
import { steps } from './steps.ts';
import { runStep, useReadAgain } from './use-run.ts';

interface AllStepsProps {
  readonly progress: Progress;
  readonly onSecret: (secret: string) => void;
}

/** What is left at once, under the names that are proposed. Where one step is refused it stops. */
export function AllSteps({ progress, onSecret }: AllStepsProps) {
  const { t } = useLocale();
  const api = useApi();
  const mayChange = useMayChange();
  const confirm = useConfirm();
  const readAgain = useReadAgain();
  const left = steps.filter(({ lack }) => lack(progress) !== undefined);
  const { application, names } = progress;
  const run = useMutation({
    mutationFn: async () => {
      for (const step of steps) {
        const secret = await runStep(api, step, application.appId, names);
        if (secret !== undefined) onSecret(secret);
      }
    },
    onSettled: readAgain,
  });
  if (!mayChange) return null;
  const ask = (): void => {
    const question = {
      title: t('connect.all', { n: left.length }),
      text: t('connect.all.text', {
        steps: left.map(({ title }) => t(title)).join(' · '),
        role: names.role,
        user: names.hrUser,
      }),
      verb: t('connect.all.verb'),
    };
    void confirm(question).then((yes) => yes && run.mutate());
  };
  return (
    <>
      <ProblemBar error={run.error} />
      <div>
        <Button disabled={run.isPending} onClick={ask}>
          {t('connect.all', { n: left.length })}
        </Button>
      </div>
    </>
  );
}
