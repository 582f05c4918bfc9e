// Which roads are closed at an instant, as the server reads closures (routing/closures): a road that is
// closed in part cannot be driven from end to end; whoever is inside a closure may drive out of it, and
// into it when the destination is inside.

const ROUNDING = 1e-4; // shares of an edge

const within = (some, others) => [...some].every((each) => others.has(each));

export class ClosedRoads {
  /**
   * @param kit an unpacked network
   * @param nowMs what time it is
   * @param lifted ids of closures that were lifted since the file was made
   */
  constructor(kit, nowMs, lifted = new Set()) {
    this.kit = kit;
    /** Directed edge to [{id, begin, end}], begin and end in shares of it. */
    this.byEdge = new Map();
    for (const closure of kit.closures) {
      if (lifted.has(closure.id) || closure.from_ms > nowMs || (closure.until_ms !== null && closure.until_ms <= nowMs)) continue;
      closure.edges.forEach((edge, at) => {
        if (!this.byEdge.has(edge)) this.byEdge.set(edge, []);
        this.byEdge.get(edge).push({ id: closure.id, begin: closure.begin[at], end: closure.end[at] });
      });
    }
  }

  get any() {
    return this.byEdge.size > 0;
  }

  shut(edge) {
    return this.byEdge.has(edge);
  }

  /** Whether an edge is closed by some closures and by no other one. */
  onlyBy(edge, closures) {
    const closed = this.byEdge.get(edge);
    return closed !== undefined && closed.every(({ id }) => closures.has(id));
  }

  /** The closures that overlap an interval of an edge. */
  between(edge, low, high) {
    const hit = (this.byEdge.get(edge) ?? []).filter(({ begin, end }) => begin < high - ROUNDING && end > low + ROUNDING);
    return new Set(hit.map(({ id }) => id));
  }

  #at(edge, share) {
    const hit = (this.byEdge.get(edge) ?? []).filter(({ begin, end }) => begin <= share + ROUNDING && end >= share - ROUNDING);
    return new Set(hit.map(({ id }) => id));
  }

  /** The closures around an endpoint: a street closed in one direction only is left in the other one. */
  around({ edge, share, both }) {
    const here = this.#at(edge, share);
    if (!both) return here;
    const back = this.#at(edge ^ 1, 1 - share);
    return new Set([...here].filter((id) => back.has(id)));
  }

  /** Endpoints with `around`, without streets inside closures that their place is not in. */
  reachable(endpoints) {
    const all = endpoints.map((each) => ({ ...each, around: this.around(each) }));
    const own = new Set(all.filter(({ row }) => row === 0).flatMap(({ around }) => [...around]));
    return all.filter(({ edge, row, around }) => row === 0 || !this.shut(edge) || within(around, own));
  }

  /** Whether the street ahead of an origin may be driven to its end; `also`: closures that it may enter. */
  mayLeave({ edge, share, around }, also) {
    return within(this.between(edge, share, 1), new Set([...around, ...also]));
  }

  /** Whether a destination may be reached from the beginning of its street. */
  mayArrive({ edge, share, around }, also) {
    return within(this.between(edge, 0, share), new Set([...around, ...also]));
  }

  /** Whether one may drive straight on from an origin to a destination on the same edge. */
  mayPass(start, goal) {
    return within(this.between(start.edge, start.share, goal.share), new Set([...start.around, ...goal.around]));
  }
}
