import type { INodeExecutionData } from 'n8n-workflow';

import type { Execution } from './client';

/** The output of the node `name` in an execution, from all its runs. */
export function output(execution: Execution, name: string): INodeExecutionData[] {
  const runs = execution.data.resultData.runData[name] ?? [];
  return runs.flatMap((run) => (run.data?.main ?? []).flatMap((items) => items ?? []));
}

/** The message an execution ended with when it failed. */
export function failure(execution: Execution): string | undefined {
  return execution.data.resultData.error?.message;
}
