import type { Turn } from '../../canonical/request.js';

/** Makes one turn of neighbours with the same role, wherever `mayJoin` allows the later one to be joined. */
export function joinTurns(turns: readonly Turn[], mayJoin: (turn: Turn) => boolean): Turn[] {
  const joined: Turn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (last?.role === turn.role && mayJoin(turn)) {
      joined[joined.length - 1] = { ...last, parts: [...last.parts, ...turn.parts] };
    } else {
      joined.push(turn);
    }
  }
  return joined;
}
