// Detects that another window is gone, crashed ones too: each holds a lock for as long as it lives,
// and whoever requests it gets it afterwards. Without locks (plain http from another machine) there
// are goodbye messages only, and time-outs.

const locks = () => globalThis.navigator.locks ?? null;

/** Hold a lock; resolves, once it is held, to what lets it go. Held before anybody is told its name. */
export function hold(name) {
  if (!locks()) return Promise.resolve(() => {});
  return new Promise((held) => {
    locks().request(name, () => new Promise((done) => held(done)));
  });
}

/** Be told when whoever holds a lock is gone. */
export function whenGone(name, tell) {
  locks()?.request(name, () => tell());
}
