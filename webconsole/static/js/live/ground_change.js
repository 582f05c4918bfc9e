// Replaces the map when another city was imported while the page is open; what is being typed stays.
import { ApiError, get } from "../core/api.js";
import { boot } from "../core/boot.js";

const AGAIN_MS = 3000;

/** Keep the page's map on the ground in use; `drawn()` is called when that became another one. */
export class GroundFollower {
  constructor(drawn) {
    this.drawn = drawn;
  }

  /** A ground's number was heard, from the greeting or the news of an import. */
  async heard(groundId) {
    if (groundId === undefined || groundId === null || groundId === boot.ground_id || this.asking) return;
    clearTimeout(this.timer);
    this.asking = true;
    try {
      const ground = await get("/ground");
      const another = ground.ground_id !== boot.ground_id;
      Object.assign(boot, { ground_id: ground.ground_id, ground_name: ground.name, bounds: ground.bounds, center: ground.center, attribution: ground.attribution });
      if (another) this.drawn();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.timer = setTimeout(() => this.heard(groundId), AGAIN_MS);
    } finally {
      this.asking = false;
    }
  }
}
