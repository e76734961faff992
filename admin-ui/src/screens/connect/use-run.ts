import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApiClient } from '../../api/api-client.ts';
import { useApi } from '../../api/api-context.tsx';
import { isOfNoSession } from '../../session/use-session.ts';
import { loadProgress, type Names, type Progress } from './progress.ts';
import type { Step } from './steps.ts';

/**
 * Does a step on what is there at this moment: somebody may have done it meanwhile.
 * @returns the client secret, where the step has made one
 */
export async function runStep(api: ApiClient, step: Step, clientId: string, names: Names): Promise<string | undefined> {
  const now = await loadProgress(api, clientId, names);
  return now === undefined || step.lack(now) === undefined ? undefined : step.run(api, now);
}

/** Has all pages read again what was made here. */
export function useReadAgain(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ predicate: isOfNoSession });
}

interface Told {
  readonly onNames: (names: Partial<Names>) => void;
  readonly onSecret: (secret: string) => void;
}

/** One step, under the names that the person gave. */
export function useRun(step: Step, { application: { appId } }: Progress, names: Names, { onNames, onSecret }: Told) {
  const api = useApi();
  const readAgain = useReadAgain();
  return useMutation({
    mutationFn: async () => {
      const secret = await runStep(api, step, appId, names);
      if (secret !== undefined) onSecret(secret);
    },
    onSettled: async () => {
      onNames(names);
      await readAgain();
    },
  });
}
