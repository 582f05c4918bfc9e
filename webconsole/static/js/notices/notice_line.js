// The desk's line about the newest notice of an order: not confirmed yet, for how long; or confirmed,
// when and by whom.
import { ApiError, post } from "../core/api.js";
import { secondsSince } from "../core/clock.js";
import { el, text } from "../core/dom.js";
import { age, clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { refusalToast } from "../widgets/toasts.js";

const WAITS = {
  recalled: (since) => _("Recall not confirmed yet, %(age)s", since),
  cancelled: (since) => _("Cancellation not confirmed yet, %(age)s", since),
  interrupted: (since) => _("Interruption not confirmed yet, %(age)s", since),
  changed: (since) => _("Change not confirmed yet, %(age)s", since),
  moved: (since) => _("Move of the order not confirmed yet, %(age)s", since),
  reordered: (since) => _("New order of work not confirmed yet, %(age)s", since),
  skill_lost: (since) => _("Word of the ended ticket not confirmed yet, %(age)s", since),
};
const DONE = {
  recalled: (said) => _("Recall confirmed %(time)s by %(who)s", said),
  cancelled: (said) => _("Cancellation confirmed %(time)s by %(who)s", said),
  interrupted: (said) => _("Interruption confirmed %(time)s by %(who)s", said),
  changed: (said) => _("Change confirmed %(time)s by %(who)s", said),
  moved: (said) => _("Move of the order confirmed %(time)s by %(who)s", said),
  reordered: (said) => _("New order of work confirmed %(time)s by %(who)s", said),
  skill_lost: (said) => _("Word of the ended ticket confirmed %(time)s by %(who)s", said),
};

/** Whether a crew has yet to confirm what it was told of an order. */
export const isUnconfirmed = (notice) => Boolean(notice) && !notice.understood_at && !notice.lapsed_at;

/** One sentence; empty where there is nothing to say. */
export function noticeState(notice) {
  if (!notice) return "";
  if (notice.understood_at) return DONE[notice.kind]({ time: clock(notice.understood_at), who: notice.understood_by });
  if (notice.lapsed_at) return "";
  return WAITS[notice.kind]({ age: age(secondsSince(notice.made_at)) });
}

export class NoticeLine {
  constructor() {
    this.words = el("span");
    this.told = el("button.secondary.small", { type: "button", title: _("The crew was told by radio or telephone"), onclick: () => this.#told() }, _("Told by radio"));
    this.node = el("div.notice-line", {}, this.words, this.told);
  }

  draw(notice) {
    this.notice = notice;
    const sentence = noticeState(notice);
    this.node.hidden = !sentence;
    const waits = isUnconfirmed(notice);
    this.node.classList.toggle("waits", waits);
    this.told.hidden = !waits;
    text(this.words, sentence);
  }

  async #told() {
    this.told.disabled = true;
    try {
      await post(`/notices/${this.notice.id}/understood`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusalToast(error.whole);
    } finally {
      this.told.disabled = false;
    }
  }
}
