import { findExecutable } from '../../engines/program/find-executable.js';
import { BackgroundSample } from './background-sample.js';
import type { MachineFacts, PoolAdapter, PoolReading } from './pool-adapter.js';
import { runTool } from './run-tool.js';

const MIB = 1024 * 1024;
const SAMPLE_AGE_MS = 1000;
const CSV = '--format=csv,noheader,nounits';

interface NvidiaCard {
  readonly index: number;
  readonly uuid: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

interface NvidiaProcess {
  readonly uuid: string;
  readonly pid: number;
  /** Null where the driver does not tell, as on Windows. */
  readonly usedBytes: number | null;
}

function cellsOf(text: string): string[][] {
  return text.split('\n').map((line) => line.split(',').map((cell) => cell.trim()));
}

function numberIn(cell: string | undefined): number | null {
  return cell !== undefined && /^\d+$/.test(cell) ? Number(cell) : null;
}

/** Lines of `index, uuid, memory.total, memory.free` in mebibytes; cards without memory of their own are left out. */
export function parseNvidiaCards(text: string): NvidiaCard[] {
  return cellsOf(text).flatMap(([index, uuid, total, free]) => {
    const [number, totalMib, freeMib] = [numberIn(index), numberIn(total), numberIn(free)];
    if (number === null || uuid === undefined || totalMib === null || freeMib === null) return [];
    return [{ index: number, uuid, totalBytes: totalMib * MIB, freeBytes: freeMib * MIB }];
  });
}

/** Lines of `gpu_uuid, pid, used_memory` in mebibytes. */
export function parseNvidiaProcesses(text: string): NvidiaProcess[] {
  return cellsOf(text).flatMap(([uuid, pid, used]) => {
    const [number, usedMib] = [numberIn(pid), numberIn(used)];
    if (uuid === undefined || number === null) return [];
    return [{ uuid, pid: number, usedBytes: usedMib === null ? null : usedMib * MIB }];
  });
}

/** The cards an owner left visible with `CUDA_VISIBLE_DEVICES`, by index or the beginning of their uuid. */
export function visibleNvidiaCards(
  cards: readonly NvidiaCard[],
  visible: string | undefined,
): readonly NvidiaCard[] {
  if (visible === undefined) return cards;
  const names = visible.split(',').map((name) => name.trim());
  return cards.filter(({ index, uuid }) =>
    names.some((name) => name === String(index) || (name.length > 4 && uuid.startsWith(name))),
  );
}

function readingOf(card: NvidiaCard, processes: readonly NvidiaProcess[] | null): PoolReading {
  const own = (processes ?? []).filter(({ uuid }) => uuid === card.uuid);
  const isTold = processes !== null && own.every(({ usedBytes }) => usedBytes !== null);
  const usedByPid = isTold ? new Map(own.map(({ pid, usedBytes }) => [pid, usedBytes ?? 0])) : null;
  return { freeBytes: card.freeBytes, usedByPid };
}

/** Cards of NVIDIA, as its driver's own program tells of them. It takes long to answer, so it is asked ahead. */
export async function openNvidiaCards(machine: MachineFacts): Promise<PoolAdapter | null> {
  const { environment, clock } = machine;
  const file = await findExecutable('nvidia-smi', environment['PATH']);
  if (file === null) return null;
  const measure = async () => {
    const [cards, processes] = await Promise.all([
      runTool(file, ['--query-gpu=index,uuid,memory.total,memory.free', CSV]),
      runTool(file, ['--query-compute-apps=gpu_uuid,pid,used_memory', CSV]),
    ]);
    if (cards === null) return null;
    return {
      cards: parseNvidiaCards(cards),
      processes: processes === null ? null : parseNvidiaProcesses(processes),
    };
  };
  const sample = await BackgroundSample.open(clock, SAMPLE_AGE_MS, measure);
  if (sample === null) return null;
  const found = visibleNvidiaCards(sample.value.cards, environment['CUDA_VISIBLE_DEVICES']);
  if (found.length === 0) return null;
  return {
    mainName: null,
    pools: found.map(({ index, totalBytes }) => {
      return { totalBytes, usableBytes: totalBytes, card: { maker: 'nvidia', index } };
    }),
    refresh: () => sample.refresh(),
    read() {
      const { cards, processes } = sample.value;
      return found.map(({ uuid }) => {
        const card = cards.find((each) => each.uuid === uuid);
        if (card === undefined) return { freeBytes: null, usedByPid: null };
        return readingOf(card, processes);
      });
    },
  };
}
