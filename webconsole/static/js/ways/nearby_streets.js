// The streets near a place, as the server chooses them (routing/locate/street_finding.py): those on which
// a vehicle can be, and those at which to arrive. The search takes the best of them.

const CELL_M = 100;
const LIMIT_M = 300; // further from every road is off road
const BEYOND_NEAREST_M = 30; // of an origin: nobody carries a vehicle to the next street
const WRONG_WAY_M = 60;
const ALONG_DEG = 60;
const STANDING_MPS = 1.5; // slower, a heading is noise
const SAME_STREET_M = 150;
const ROUND_THE_CORNER_M = 60;
const [CONSIDERED, MOST] = [12, 6];
const WALKING_MPS = 1.4;

const turnDeg = (from, to) => ((((to - from + 180) % 360) + 360) % 360) - 180;

export class NearbyStreets {
  constructor(kit) {
    this.kit = kit;
    this.cells = new Map();
    for (let street = 0; street < kit.streetCount; street += 1) {
      for (let point = kit.lineStart[street] + 1; point < kit.lineStart[street + 1]; point += 1) this.#list(street, point);
    }
  }

  #list(street, point) {
    const { lineX, lineY } = this.kit;
    const cell = (metres) => Math.floor(metres / CELL_M);
    const [x0, x1] = [Math.min(lineX[point - 1], lineX[point]), Math.max(lineX[point - 1], lineX[point])].map(cell);
    const [y0, y1] = [Math.min(lineY[point - 1], lineY[point]), Math.max(lineY[point - 1], lineY[point])].map(cell);
    for (let x = x0; x <= x1; x += 1) {
      for (let y = y0; y <= y1; y += 1) {
        const key = x * 100003 + y;
        const listed = this.cells.get(key);
        if (listed) listed.push(street, point);
        else this.cells.set(key, [street, point]);
      }
    }
  }

  /** Streets to set out from at {lon, lat, heading?, speed_mps?}: [{edge, share, distanceM, headed}], nearest first. */
  from({ lon, lat, heading = null, speed_mps: speed = null }) {
    const deg = Number.isFinite(heading) && (speed === null || speed >= STANDING_MPS) ? heading : null;
    const found = this.#choose(lon, lat, deg, BEYOND_NEAREST_M);
    if (deg === null) return found;
    const [snap] = this.#pieces(lon, lat, deg, (piece) => piece.distanceM + (this.#agrees(piece, deg) ? 0 : WRONG_WAY_M));
    if (!snap || (found.length && found[0].distanceM <= snap.distanceM + WRONG_WAY_M)) return found;
    return [this.#onEdge(snap, deg)];
  }

  /** Streets at which to arrive, of the same form. */
  to({ lon, lat }) {
    return this.#choose(lon, lat, null, Infinity);
  }

  /** The directed edge at a place that runs in a heading, or null. */
  edgeAt({ lon, lat, heading }) {
    const [snap] = this.#pieces(lon, lat, heading, (piece) => piece.distanceM + (this.#agrees(piece, heading) ? 0 : WRONG_WAY_M));
    return snap ? this.#onEdge(snap, heading).edge : null;
  }

  #choose(lon, lat, deg, beyondM) {
    const along = (piece) => (this.#runsAlong(piece, deg) ? piece.distanceM : Infinity);
    const near = this.#pieces(lon, lat, deg, deg === null ? (piece) => piece.distanceM : along);
    const listed = near.filter(({ distanceM }) => distanceM <= near[0].distanceM + beyondM).slice(0, CONSIDERED);
    return listed
      .filter((piece, at) => !listed.slice(0, at).some((nearer) => this.#continues(piece, nearer, Number.isFinite(beyondM))))
      .slice(0, MOST)
      .map((piece) => this.#onEdge(piece, deg));
  }

  /** The best piece of each street within reach, the best first; islands only where there is nothing else. */
  #pieces(lon, lat, deg, score) {
    const [x, y] = [this.kit.toX(lon), this.kit.toY(lat)];
    const best = [new Map(), new Map()];
    const [column, row] = [Math.floor(x / CELL_M), Math.floor(y / CELL_M)];
    const reach = Math.ceil(LIMIT_M / CELL_M);
    for (let cx = column - reach; cx <= column + reach; cx += 1) {
      for (let cy = row - reach; cy <= row + reach; cy += 1) {
        const listed = this.cells.get(cx * 100003 + cy) ?? [];
        for (let at = 0; at < listed.length; at += 2) {
          const piece = this.#measure(listed[at], listed[at + 1], x, y);
          piece.score = score(piece);
          const of = best[this.kit.main[piece.street] ? 0 : 1];
          if (piece.distanceM <= LIMIT_M && piece.score < (of.get(piece.street)?.score ?? Infinity)) of.set(piece.street, piece);
        }
      }
    }
    const of = best[0].size ? best[0] : best[1];
    return [...of.values()].sort((one, other) => one.score - other.score);
  }

  #measure(street, point, x, y) {
    const { lineX, lineY, lineAtM, lengthM } = this.kit;
    const [ax, ay] = [lineX[point - 1], lineY[point - 1]];
    const [dx, dy] = [lineX[point] - ax, lineY[point] - ay];
    const square = dx * dx + dy * dy;
    const part = square > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square)) : 0;
    const alongM = lineAtM[point - 1] + part * (lineAtM[point] - lineAtM[point - 1]);
    return {
      street,
      share: lengthM[street] > 0 ? alongM / lengthM[street] : 0,
      distanceM: Math.hypot(x - ax - part * dx, y - ay - part * dy),
      bearing: (Math.atan2(dx, dy) * 180) / Math.PI,
    };
  }

  #agrees({ street, bearing }, deg) {
    return this.kit.signed[2 * street + (Math.abs(turnDeg(bearing, deg)) < 90 ? 0 : 1)] === 1;
  }

  #runsAlong({ street, bearing }, deg) {
    const off = Math.abs(turnDeg(bearing, deg));
    const { signed } = this.kit;
    return (off <= ALONG_DEG && signed[2 * street] === 1) || (off >= 180 - ALONG_DEG && signed[2 * street + 1] === 1);
  }

  /** Whether a street is a part, further away, of a nearer one that is listed too. */
  #continues(piece, nearer, corners) {
    const { signed, name, edgeFrom, edgeTo, lengthM } = this.kit;
    const bothWays = ({ street }) => signed[2 * street] && signed[2 * street + 1];
    if (!bothWays(piece) || !bothWays(nearer)) return false;
    const mostM = name[piece.street] === name[nearer.street] ? SAME_STREET_M : corners ? ROUND_THE_CORNER_M : 0;
    const ends = ({ street, share }) => [[edgeFrom[2 * street], share * lengthM[street]], [edgeTo[2 * street], (1 - share) * lengthM[street]]];
    return ends(piece).some(([node, m]) => ends(nearer).some(([other, otherM]) => node === other && m + otherM <= mostM));
  }

  #onEdge({ street, share, distanceM, bearing }, deg) {
    const [forward, backward] = [this.kit.signed[2 * street], this.kit.signed[2 * street + 1]];
    const away = deg !== null && Math.abs(turnDeg(bearing, deg)) > 90;
    const against = backward && (away || !forward);
    const driven = against ? bearing + 180 : bearing;
    return {
      edge: 2 * street + (against ? 1 : 0),
      share: against ? 1 - share : share,
      distanceM,
      headed: deg !== null && Math.abs(turnDeg(driven, deg)) <= 90,
    };
  }
}

/**
 * The two directions of each of some streets: [{edge, share, passedMs, turningMs, walkMs, other}]. `passedMs`:
 * from the edge's beginning; `turningMs`: of setting out against a known heading; `other`: both may be driven.
 */
export function endpointsOf(kit, streets) {
  return streets.flatMap(({ edge, share, distanceM, headed }, row) => {
    const walkMs = Math.round((1000 / WALKING_MPS) * distanceM);
    const both = Boolean(kit.edgeMs[edge] && kit.edgeMs[edge ^ 1]);
    return [[edge, share, 0], [edge ^ 1, 1 - share, headed ? kit.turn_round_ms : 0]]
      .filter(([each]) => kit.edgeMs[each])
      .map(([each, at, turningMs]) => ({ edge: each, share: at, passedMs: Math.round(kit.edgeMs[each] * at), turningMs, walkMs, both, row }));
  });
}
