/** A member of a `SlotSet`, and of no other at the same time. */
export interface Slotted {
  /** Where the set keeps it; -1 while it is in none. Only the set writes it. */
  slot: number;
}

/**
 * A set for what comes and goes with every request, in no order. A `Set` is not fit for that: each time it fills up V8
 * moves it to a new table and links the old one to it, and once one of these tables has grown old the garbage collector
 * takes all that came after it for alive.
 */
export class SlotSet<Member extends Slotted> {
  private readonly members: Member[] = [];

  get size(): number {
    return this.members.length;
  }

  /** A copy, so that members may leave while it is walked through. */
  values(): Member[] {
    return this.members.slice();
  }

  add(member: Member): void {
    if (member.slot !== -1) return;
    member.slot = this.members.length;
    this.members.push(member);
  }

  delete(member: Member): void {
    if (member.slot === -1) return;
    const last = this.members.pop();
    if (last !== undefined && last !== member) {
      this.members[member.slot] = last;
      last.slot = member.slot;
    }
    member.slot = -1;
  }
}
