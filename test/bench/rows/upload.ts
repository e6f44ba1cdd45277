import type { IPinData } from 'n8n-workflow';
import { failure, output } from '../../host/executions';
import { until } from '../../host/until';
import { type N8nWithNode, startN8nWithNode } from '../../host/with-node';
import { chain, imagineAnything, MANUAL, manualTrigger, type NodeSpec } from '../../host/workflows';
import { type Measure, row, type Row, RUNS, show, spreadOf } from '../figures';
import { readPeak, resetPeak } from '../memory';
import { UNLIMITED } from '../../sandbox/limitOptions';
import { BenchSandbox } from '../sandbox';
import type { Account } from '../sandbox-process';
import { MEBIBYTE, serveVideos, type Video, videoOf } from '../video';

/** The largest video of a byte: 100 MB. */
const LARGEST_BYTES = 100_000_000;

const GOAL_MIB = 32;
const WARM_UPS = 20;
const UPLOAD_TIMEOUT_MS = 180_000;
const DOWNLOAD = 'Download';

type Name = 'small' | 'large';

/** What one upload came to. */
interface Uploaded {
  /** The peak of the process in MiB. */
  mib: number;
  /** Statuses of the sendings of the video. */
  sendings: Array<number | null>;
  /** Bytes that it created. */
  bytes: number;
  /** SHA-256 of what arrived. */
  sha256?: string;
}

/** What the uploads of one n8n process came to. */
interface Run {
  small: Uploaded;
  large: Uploaded;
  /** The large one once more, with a token that expires under it. */
  expired: Uploaded;
}

/**
 * The memory that a large upload takes in a real n8n. The videos are in n8n's binary store before the
 * process starts that is measured: what n8n itself needs to get a large file there would hide what the
 * upload needs.
 */
export const upload: Measure = async (report) => {
  const videos = { small: videoOf(MEBIBYTE), large: videoOf(LARGEST_BYTES) };
  const sandbox = await BenchSandbox.start({ limits: UNLIMITED });
  let host: N8nWithNode | undefined;
  try {
    const env = { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' };
    host = await startN8nWithNode({ env, report });
    const workflows = await storeVideos(host, sandbox.account, videos);
    const runs: Run[] = [];
    for (let index = 0; index < RUNS; index++) {
      report(`upload: run ${index + 1} of ${RUNS}`);
      runs.push(await measure(host, sandbox, workflows));
    }
    const { sha256 } = videos.large;
    return [
      describe('upload: 100 MB', runs, ({ large }) => large, {
        sendings: 1,
        sha256,
        most: GOAL_MIB,
      }),
      // It follows another large one, and sends twice as much: what the process keeps of that is shown, not judged.
      describe('upload: 100 MB again, its token expires', runs, ({ expired }) => expired, {
        sendings: 2,
        sha256,
      }),
    ];
  } finally {
    await host?.close();
    await sandbox.close();
  }
};

function describe(
  name: string,
  runs: readonly Run[],
  pick: (run: Run) => Uploaded,
  expected: { sendings: number; sha256: string; most?: number },
): Row {
  const { sendings: times, sha256: whole, most } = expected;
  const more = spreadOf(runs.map((run) => pick(run).mib - run.small.mib));
  const peak = spreadOf(runs.map((run) => pick(run).mib));
  const small = spreadOf(runs.map((run) => run.small.mib));
  const right = runs
    .map(pick)
    .filter(
      ({ sendings, bytes, sha256 }) => bytes === 1 && sha256 === whole && sendings.length === times,
    );
  return row({
    row: name,
    figure: `${peak.median.toFixed(0)} MiB at the peak`,
    comparison: `${small.median.toFixed(0)} MiB, upload of 1 MiB`,
    ratio: `+ ${show(more, 1, 'MiB')}`,
    goal: most === undefined ? 'one byte created' : `≤ + ${most} MiB, one byte created`,
    met: more.median <= (most ?? Infinity) && right.length === runs.length,
    notes: [
      `${right.length} of ${runs.length} arrived whole in ${times} sending(s) and created one byte`,
    ],
    data: { more, runs: runs.map((run) => ({ small: run.small, upload: pick(run) })) },
  });
}

/** Has n8n download the videos. @returns workflows that create a byte of each without downloading it again */
async function storeVideos(
  { client }: N8nWithNode,
  { url: baseUrl, clientId, clientSecret }: Account,
  videos: Readonly<Record<Name, Video>>,
): Promise<Record<Name, string>> {
  const { id, name, type } = await client.createCredential({
    name: 'Bench',
    type: 'imagineAnythingApi',
    data: { baseUrl, clientId, clientSecret },
  });
  const server = await serveVideos(videos);
  const store = async (video: Name): Promise<string> => {
    const download: NodeSpec = {
      name: DOWNLOAD,
      type: 'n8n-nodes-base.httpRequest',
      typeVersion: 4.5,
      parameters: {
        url: server.address(video),
        options: { response: { response: { responseFormat: 'file' } } },
      },
    };
    const uploading = imagineAnything('Upload', {
      parameters: { resource: 'byte', operation: 'create', file: 'data' },
      credentials: { [type]: { id, name } },
    });
    const first = await client.createWorkflow(chain('Download', manualTrigger, download));
    const execution = await client.runToEnd(first.id, MANUAL, UPLOAD_TIMEOUT_MS);
    // What a node put out before is given instead of running it: the file stays where it is.
    const pinData: IPinData = { [DOWNLOAD]: output(execution, DOWNLOAD) };
    const second = chain(`Upload ${video}`, manualTrigger, download, uploading);
    return (await client.createWorkflow({ ...second, pinData })).id;
  };
  try {
    return { small: await store('small'), large: await store('large') };
  } finally {
    await server.close();
  }
}

/**
 * A fresh n8n for every run, because memory that a process once had mostly stays with it. After some small
 * uploads, which load what is loaded once, comes the small one that counts, and then the large ones:
 * whatever the process keeps of the earlier ones counts against the later ones.
 */
async function measure(
  { client, n8n }: N8nWithNode,
  sandbox: BenchSandbox,
  workflows: Readonly<Record<Name, string>>,
): Promise<Run> {
  await n8n.restart();
  const uploadOf = async (name: Name): Promise<Uploaded> => {
    const pid = n8n.pid ?? 0;
    const before = await sandbox.count();
    await resetPeak(pid);
    const id = await client.run(workflows[name], MANUAL);
    // Asking n8n over and over whether it has finished would take memory in n8n.
    const isDone = async () => (await sandbox.count()).bytes > before.bytes;
    await until(isDone, {
      what: 'the upload',
      timeoutMs: UPLOAD_TIMEOUT_MS,
      details: async () => String(failure(await client.execution(id))),
    });
    const mib = (await readPeak(pid)) / MEBIBYTE;
    await client.finished(id);
    const after = await sandbox.count();
    return {
      mib,
      sendings: after.videoUploads.slice(before.videoUploads.length),
      bytes: after.bytes - before.bytes,
      sha256: after.media.at(-1),
    };
  };
  for (let index = 0; index < WARM_UPS; index++) await uploadOf('small');
  const small = await uploadOf('small');
  const large = await uploadOf('large');
  await sandbox.expireTokenAtUpload();
  return { small, large, expired: await uploadOf('large') };
}
